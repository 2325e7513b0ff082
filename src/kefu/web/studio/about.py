"""What stands about an article beside its texts: topic, kind, who keeps it, when it is due, what is related."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.knowledge.models import Article, Translation
from kefu.knowledge.publish import bump
from kefu.people.models import Team
from kefu.people.permissions import may
from kefu.system.audit.log import write
from kefu.topics.models import Topic
from kefu.web.studio.gate import StaffRequest, for_staff, shell

KINDS = [
    ("faq", gettext_lazy("Question")),
    ("how-to", gettext_lazy("How-to")),
    ("troubleshooting", gettext_lazy("Troubleshooting")),
    ("tree", gettext_lazy("Step-by-step check")),
    ("academy", gettext_lazy("Academy")),
    ("path", gettext_lazy("Beginner’s path")),
]


class AboutForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    reviewed = forms.DateField(label=gettext_lazy("Last reviewed"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    review_by = forms.DateField(label=gettext_lazy("Review by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    related = forms.CharField(
        label=gettext_lazy("Read on: addresses of articles, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    chapters = forms.CharField(
        label=gettext_lazy("Chapters of a path: addresses in their order, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        language = get_language() or "en"
        topics = [(topic.slug, topic.label(language)) for topic in Topic.objects.prefetch_related("translations")]
        teams = [(team.slug, team.label(language)) for team in Team.objects.order_by("slug")]
        self.fields["topic"] = forms.ChoiceField(label=_("Topic"), choices=topics)
        self.fields["owner"] = forms.ChoiceField(label=_("Kept by"), required=False, choices=[("", "–"), *teams])
        self.order_fields(("topic", "kind", "owner", "reviewed", "review_by", "related", "chapters"))

    def clean_related(self) -> list[str]:
        return self._slugs("related")

    def clean_chapters(self) -> list[str]:
        return self._slugs("chapters")

    def _slugs(self, name: str) -> list[str]:
        wanted = list(dict.fromkeys(self.cleaned_data[name].replace(",", " ").split()))
        known = set(Article.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        if missing := [slug for slug in wanted if slug not in known]:
            raise forms.ValidationError(_("There is no article %(slugs)s.") % {"slugs": ", ".join(missing)})
        return wanted

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == "path" and not values.get("chapters") and "chapters" not in self.errors:
            self.add_error("chapters", _("A path needs chapters."))
        return values


@require_http_methods(["GET", "POST"])
@for_staff("studio.read")
def about(request: StaffRequest, pk: int) -> HttpResponse:
    """GET: look. POST: change, for those who may publish; readers see it at once."""
    text = get_object_or_404(Translation.objects.select_related("article__topic", "article__owner"), pk=pk)
    article, may_publish = text.article, may(request.agent, "studio.publish")
    start = {
        "topic": article.topic.slug,
        "kind": article.kind,
        "owner": article.owner.slug if article.owner else "",
        "reviewed": article.reviewed,
        "review_by": article.review_by,
        "related": "\n".join(article.related.values_list("slug", flat=True)),
        "chapters": "\n".join(article.chapters),
    }
    form = AboutForm(request.POST if request.method == "POST" and may_publish else None, initial=start)
    if form.is_bound and form.is_valid():
        _store(article, form.cleaned_data)
        write(str(request.agent), "article.about_changed", article.slug)
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("studio-article", pk)
    context = {"text": text, "form": form, "may_publish": may_publish}
    status = 422 if form.errors else 403 if request.method == "POST" else 200
    return render(request, "studio/about.html", shell(request) | context, status=status)


def _store(article: Article, values: dict[str, Any]) -> None:
    article.topic = Topic.objects.get(slug=values["topic"])
    article.owner = Team.objects.filter(slug=values["owner"]).first() if values["owner"] else None
    article.kind, article.chapters = values["kind"], values["chapters"]
    article.reviewed, article.review_by = values["reviewed"], values["review_by"]
    article.save(update_fields=["topic", "owner", "kind", "chapters", "reviewed", "review_by"])
    by_slug = {one.slug: one for one in Article.objects.filter(slug__in=values["related"])}
    article.related.set([by_slug[slug] for slug in values["related"] if slug != article.slug])
    bump()
