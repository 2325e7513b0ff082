"""Pieces of forms that several things need: a text in each language, rows of questions."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kefu.text.secrets import redact

TYPES = ("text", "longtext", "txid", "address", "amount", "coin", "network", "order", "uid", "email", "choice", "datetime", "code", "url",
         "pair", "version")  # fmt: skip

MOST_ITEMS = 30


def in_languages(form: forms.Form, name: str, label: Any, *, required: bool = True, rows: int = 0, most: int = 300, hint: Any = "") -> None:
    """A field for each language of the interface, such as ``title_en`` and ``title_zh-hans``."""
    for code, language in settings.LANGUAGES:
        widget = forms.Textarea(attrs={"rows": rows, "lang": code}) if rows else forms.TextInput(attrs={"lang": code})
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=f"{label} · {language}", required=required, max_length=most, widget=widget, help_text=hint
        )


def gathered(values: dict[str, Any], name: str) -> dict[str, str]:
    """What was typed into those fields, by language; empty ones are left out."""
    found = {code: str(values.get(f"{name}_{code}", "")).replace("\r\n", "\n").strip() for code, _name in settings.LANGUAGES}
    return {code: text for code, text in found.items() if text}


def spread(texts: dict[str, str] | None, name: str) -> dict[str, str]:
    """The other way round: initial values."""
    return {f"{name}_{code}": (texts or {}).get(code, "") for code, _name in settings.LANGUAGES}


class SafeForm(forms.Form):
    """Refuses what looks like a real secret, in any field."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, value in values.items():
            if isinstance(value, str) and redact(value).findings:
                self.add_error(name, _("This holds something that looks like a real secret. Use an obvious placeholder."))
        return values


class QuestionForm(SafeForm):
    """One typed field of a topic, or one question of a flow."""

    name = forms.SlugField(label=_("Name in the data"), max_length=40, help_text=_("Latin letters, digits and dashes; stays the same."))
    type = forms.ChoiceField(label=_("Type"), choices=[(one, one) for one in TYPES])
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    choices = forms.CharField(
        label=_("Choices, one a line: value | Chinese | English"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    when = forms.CharField(label=_("Only if: field = value"), required=False, max_length=120)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "ask", _("Question"), most=300)
        in_languages(self, "help", _("Help"), required=False, most=400)
        order = ("name", "type", "required", *(n for n in self.fields if n.startswith(("ask_", "help_"))), "choices", "when")
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("type") == "choice":
            lines = parse_choices(values.get("choices", ""))
            if not lines or any(len(line) < 2 for line in lines):
                self.add_error("choices", _("Give at least one choice, each as: value | Chinese | English"))
        if values.get("when") and "=" not in values["when"]:
            self.add_error("when", _("Write it as: field = value"))
        return values


def parse_choices(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in text.splitlines() if line.strip()]


def choices_of(text: str) -> list[dict[str, str]]:
    """``value | Chinese | English`` lines as the data keeps them."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [{"value": parts[0]} | dict(zip(codes, parts[1:], strict=False)) for parts in parse_choices(text)]


def choices_text(choices: Iterable[dict[str, str]]) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    return "\n".join(" | ".join([one["value"], *(one.get(code, "") for code in codes)]) for one in choices)


def read_checklist(text: str) -> list[dict[str, Any]]:
    """``name | Chinese | English`` lines as a topic keeps its checklist; raises ValueError with words for a line that is none."""
    made: list[dict[str, Any]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        required = line.strip().startswith("!")
        name, *words = (part.strip() for part in line.strip().removeprefix("!").split("|"))
        label = {code: word[:200] for (code, _name), word in zip(settings.LANGUAGES, words, strict=False) if word}
        if not re.fullmatch(r"[a-z0-9_-]{1,40}", name) or not label:
            raise ValueError(
                _("This is no item: “%(line)s”. Write it as: name | Chinese | English; the name in small latin letters, digits and dashes.")
                % {"line": line.strip()[:80]}
            )
        if any(one["name"] == name for one in made):
            raise ValueError(_("Two items are named %(name)s.") % {"name": name})
        made.append({"name": name, "required": required, "label": label})
    if len(made) > MOST_ITEMS:
        raise ValueError(_("At most %(most)d items: nobody ticks more.") % {"most": MOST_ITEMS})
    return made


def checklist_text(items: Iterable[dict[str, Any]]) -> str:
    """The other way round."""
    codes = [code for code, _name in settings.LANGUAGES]
    return "\n".join(
        " | ".join([("!" if one.get("required") else "") + one["name"], *(one.get("label", {}).get(code, "") for code in codes)])
        for one in items
    )


def question_rows(found: list[dict[str, Any]], post: Any) -> "forms.BaseFormSet[Any]":
    """The rows of a topic or flow, with one empty row to fill."""
    made = forms.formset_factory(QuestionForm, extra=0 if post else 1, can_delete=True, can_order=True, max_num=40)
    return made(post or None, initial=[] if post else found, prefix="rows")


def ordered(rows: "forms.BaseFormSet[Any]") -> list[dict[str, Any]]:
    """What was typed into the rows, in the order that was chosen, without the deleted and the empty ones."""
    return [form.cleaned_data for form in rows.ordered_forms if form.cleaned_data.get("name")]


def repeated(rows: Iterable[dict[str, Any]]) -> str:
    """A name that stands twice, or nothing."""
    seen: set[str] = set()
    for row in rows:
        if row["name"] in seen:
            return str(row["name"])
        seen.add(row["name"])
    return ""
