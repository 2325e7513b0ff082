"""Searching the help centre, and suggestions while typing."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.bot import policy
from kefu.knowledge.log import log_search
from kefu.knowledge.search import Found, answers, did_you_mean, search, suggestions
from kefu.text import numbering
from kefu.text.retrieval import highlight
from kefu.text.secrets import redact
from kefu.web.help.catalogue import sections
from kefu.web.help.errors import error_codes
from kefu.web.help.news import find_news
from kefu.web.help.reach import reach_now
from kefu.web.help.words import KINDS

LIMIT = 30
SUGGESTED = 6
SNIPPET = 150
LONGEST = 200


@dataclass(frozen=True)
class Result:
    found: Found
    title: SafeString
    snippet: SafeString
    topic: str


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The results page, with facets by topic and kind, a direct answer, and ways on when nothing fits."""
    language = get_language() or "en"
    query = redact(request.GET.get("q", "")[:LONGEST]).text.strip()
    if numbering.read(query):
        return redirect(f"{reverse('conversations')}?{urlencode({'number': query})}")
    topic, kind = request.GET.get("topic", ""), request.GET.get("kind", "")
    found = search(query, language=language, limit=LIMIT) if query else []
    names = sections(language)
    meant = did_you_mean(query) if query and (not found or found[0].confidence < policy.UNSURE) else None
    chosen = [f for f in found if (not topic or f.entry.topic == topic) and (not kind or f.entry.kind == kind)]
    if query and not request.headers.get("HX-Request"):
        log_search(query, language, len(found))
    context: dict[str, Any] = {
        "query": query,
        "results": [result(f, query, names) for f in chosen],
        "total": len(chosen),
        "news": find_news(query, language) if query and kind in {"", "announcement"} and not topic else [],
        "topics": facet(found, lambda f: f.entry.topic, topic, lambda slug: names[slug].name if slug in names else slug),
        "kinds": facet(found, lambda f: f.entry.kind, kind, kind_name),
        "meant": meant if meant and meant != query else None,
        "error_codes": error_codes(query, language)[:1] if query.isdigit() else [],
        "direct": direct(query, language),
        "reach": reach_now(language),
        "own_search": True,
    }
    template = "help/results.html" if request.headers.get("HX-Request") else "help/search.html"
    return render(request, template, context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions while typing: a fragment for the list under the box."""
    language = get_language() or "en"
    query = redact(request.GET.get("q", "")[:LONGEST]).text.strip()
    found = suggestions(query, language=language, limit=SUGGESTED) if query else []
    names = sections(language) if found else {}
    shown = [result(f, query, names) for f in found]
    return render(request, "help/suggest.html", {"query": query, "results": shown})


def direct(query: str, language: str) -> Found | None:
    """The one answer, when the bot would give it."""
    found = answers(query, language=language, limit=1) if len(query) > 1 else []
    return found[0] if found and found[0].confidence >= policy.ANSWER else None


def result(found: Found, query: str, names: dict[str, Any]) -> Result:
    entry = found.entry
    section = names.get(entry.topic)
    return Result(found, marked(entry.title, query), snippet(entry, query), section.name if section else "")


def snippet(entry: Any, query: str) -> SafeString:
    """The place of the text where the query's words stand, else its summary."""
    body = entry.text
    spans = highlight(body, query)
    if not spans:
        return marked(entry.summary, query)
    start = max(0, spans[0][0] - 40)
    return marked(("…" if start else "") + body[start : start + SNIPPET] + "…", query)


def marked(text: str, query: str) -> SafeString:
    """``text``, escaped, with the query's words in <mark>."""
    parts, at = [], 0
    for start, end in highlight(text, query):
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return mark_safe("".join([*parts, escape(text[at:])]))


def facet(found: list[Found], value_of: Any, chosen: str, name_of: Any) -> list[dict[str, Any]]:
    """The values of one facet with their counts, most first."""
    counts: dict[str, int] = {}
    for one in found:
        counts[value_of(one)] = counts.get(value_of(one), 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"value": v, "name": name_of(v), "count": n, "chosen": v == chosen} for v, n in ordered]


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))
