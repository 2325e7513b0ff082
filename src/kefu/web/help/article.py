"""One article, to read and to judge."""

import math
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.knowledge.models import Article, Translation, Vote
from kefu.knowledge.shelf import shelf
from kefu.knowledge.vote import vote as cast
from kefu.text.markup import outline, plain
from kefu.web.help.alternates import alternates
from kefu.web.help.catalogue import Section, sections
from kefu.web.help.course import chapters, place_in
from kefu.web.help.glossary import explain
from kefu.web.help.reach import reach_now
from kefu.web.help.reader import reader_of
from kefu.web.help.structured import structured

LOOKUPS = {"deposits": "deposit", "withdrawals": "withdrawal"}


@dataclass(frozen=True)
class Reading:
    """Characters a minute for Chinese, words a minute for others: usual figures for reading on a screen."""

    text: str

    @property
    def minutes(self) -> int:
        han = sum(1 for c in self.text if "\u4e00" <= c <= "\u9fff")
        words = len([w for w in self.text.split() if w.isascii()])
        return max(1, math.ceil(han / 400 + words / 220))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The article in the page's language; in the nearest one, with a note, where it is not translated."""
    language = get_language() or "en"
    found = Article.objects.filter(slug=slug).select_related("topic", "owner").first()
    texts = {t.language: t for t in found.translations.filter(state=Translation.State.PUBLISHED)} if found else {}
    if found is None or not texts:
        raise Http404(_("There is no such article. It may have been replaced: search for its words."))
    shown = texts.get(language) or texts.get("en") or next(iter(texts.values()))
    Article.objects.filter(pk=found.pk).update(views=F("views") + 1)
    all_sections = sections(language)
    section = all_sections.get(found.topic.slug)
    votes = shown.helpful + shown.unhelpful
    context = {
        "article": found,
        "text": shown,
        "html": explain(shown.html, shown.language),
        "headings": [heading for heading in outline(shown.body) if heading.level == 2],
        "minutes": Reading(plain(shown.body)).minutes,
        "section": section,
        "parent": all_sections.get(section.parent) if section else None,
        "related": [e for other in found.related.all() if (e := shelf.listed().entry(str(other.pk), language))],
        "helpful_percent": round(100 * shown.helpful / votes) if votes >= 5 else None,
        "owner_name": found.owner.label(language) if found.owner else "",
        "lookup": lookup_of(section) if found.kind == Article.Kind.TROUBLESHOOTING else "",
        "reach": reach_now(language, found.topic.slug),
        "alternates": alternates("help-article", slug, among=set(texts) or None),
        "canonical": settings.SITE_URL + reverse("help-article", args=[slug]),
        "structured": structured(found, shown, crumbs(section, all_sections)),
        "chapters": chapters(found, language) if found.kind == Article.Kind.PATH else [],
        "place": place_in(request.GET.get("path", "")[:80], slug, language),
        "reasons": reasons(),
        "language": language,
        "share_image": settings.SITE_URL + static("ui/icon-512.png"),
    }
    return render(request, "help/article.html", context)


def lookup_of(section: Section | None) -> str:
    """Which of the look-ups belongs into an article of this topic."""
    return LOOKUPS.get(section.parent or section.slug, "") if section else ""


def crumbs(section: Section | None, known: dict[str, Section]) -> list[tuple[str, str]]:
    """Names and addresses from the help centre down to the article's topic."""
    above = [known[section.parent]] if section and section.parent in known else []
    found = [*above, section] if section else []
    return [(one.name, settings.SITE_URL + reverse("help-topic", args=[one.slug])) for one in found]


def reasons() -> list[tuple[str, str]]:
    """Why an article did not help, as a reader would say it."""
    return [
        (Vote.Reason.UNCLEAR, _("I do not understand it")),
        (Vote.Reason.WRONG, _("It is wrong or out of date")),
        (Vote.Reason.INCOMPLETE, _("My case is missing")),
        (Vote.Reason.NOT_MY_PROBLEM, _("It is about something else")),
    ]


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Was this helpful? "No" asks why; the answer may be changed."""
    language = request.POST.get("language", get_language() or "en")
    text = Translation.objects.filter(article__slug=slug, language=language, state=Translation.State.PUBLISHED).first()
    if text is None:
        raise Http404
    helpful = request.POST.get("helpful") == "1"
    reason = request.POST.get("reason", "")
    response: HttpResponse
    reader = reader_of(request)
    cast(text, reader.key, helpful=helpful, reason=reason, comment=request.POST.get("comment", ""))
    if request.headers.get("HX-Request"):
        context = {"text": text, "helpful": helpful, "reason": reason, "reasons": reasons(), "slug": slug}
        response = render(request, "help/voted.html", context)
    else:
        response = redirect(reverse("help-article", args=[slug]) + "#vote")
    reader.remember(response)
    return response
