"""What an editor types for an article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.knowledge.models import Translation
from kefu.text.secrets import redact


class ArticleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("Answer in one to three sentences"),
        help_text=_("The assistant quotes it; plain text."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    body = forms.CharField(label=_("Text (Markdown)"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 24}))
    questions = forms.CharField(
        label=_("Questions that customers ask, one a line"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("title", "summary", "body"):
            if redact(str(values.get(name, ""))).findings:
                self.add_error(name, _("This holds something that looks like a real secret. Use an obvious placeholder."))
        return values

    def text(self) -> dict[str, Any]:
        """The texts as the verbs want them."""
        values = dict(self.cleaned_data)
        lines = (line.strip() for line in values["questions"].splitlines())
        values["questions"] = [line[:300] for line in lines if line][:60]
        values["body"] = values["body"].replace("\r\n", "\n").strip() + "\n"
        return values


def initial(translation: Translation) -> dict[str, str]:
    """The draft if there is one, else what readers see."""
    draft = translation.draft or {}
    return {
        "title": draft.get("title", translation.title),
        "summary": draft.get("summary", translation.summary),
        "body": draft.get("body", translation.body),
        "questions": "\n".join(draft.get("questions", translation.questions)),
    }
