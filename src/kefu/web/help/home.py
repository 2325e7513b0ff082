"""The help centre's front page: an answer or a person."""

from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Article
from kefu.knowledge.shelf import Entry, shelf
from kefu.web.help.alternates import alternates
from kefu.web.help.catalogue import Section, sections
from kefu.web.help.disturbances import disturbances
from kefu.web.help.news import current_news
from kefu.web.help.reach import reach_now

HOT = 5
LONGEST_HOT = 28  # characters of such a question
POPULAR = 5
LOOKED_AT = 60  # of the most read articles, for short questions of several topics
LISTED = 3  # articles below a topic


class Tile(NamedTuple):
    """What the page shows of a topic: ``listed`` are the first of its ``articles``, each with its address and title."""

    slug: str
    name: str
    icon: str
    articles: int
    listed: tuple[tuple[str, str], ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    found = sections(language)
    read = most_read()
    news = current_news(language, limit=20)  # pinned ones first
    context = {
        "tiles": drawn(language, tuple(tile(section) for section in found.values() if not section.parent)),
        "article_count": len({pk for pk, _ in shelf.listed().entries}),
        "popular": popular(read, language),
        "hot": hot(read, language, found),
        "news": news[:5],
        "urgent": [one for one in news if one.is_urgent][:1],
        "incidents": disturbances(language)[0],
        "reach": reach_now(language),
        "own_search": True,
        "alternates": alternates("help-home"),
    }
    return render(request, "help/home.html", context)


def tile(section: Section) -> Tile:
    entries = section.all_entries
    return Tile(section.slug, section.name, section.icon, len(entries), tuple((one.slug, one.title) for one in entries[:LISTED]))


@lru_cache(maxsize=8)
def drawn(language: str, tiles: tuple[Tile, ...]) -> SafeString:
    """The topics in the active language, kept as long as they show the same: with all their addresses they are half of the page."""
    return render_to_string("help/tiles.html", {"tiles": tiles})


def most_read() -> list[tuple[int, int]]:
    """Published articles with their views, the most read first: as many as the page can show, where there are so many."""
    published = {article for article, _ in shelf.listed().entries}
    rows = Article.objects.order_by("-views", "pk").values_list("pk", "views")
    for most in (3 * LOOKED_AT, None):
        found = [(pk, views) for pk, views in rows[:most] if pk in published]
        if len(found) >= min(LOOKED_AT, len(published)):
            break
    return found


def popular(read: list[tuple[int, int]], language: str) -> list[tuple[Entry, int]]:
    """The most read articles with their views."""
    return [(entry, views) for pk, views in read[:POPULAR] if (entry := shelf.entry(str(pk), language))]


def hot(read: list[tuple[int, int]], language: str, topics: dict[str, Section]) -> list[str]:
    """Short questions that others ask, one a topic: the shortest example question of its most read article in the reader's
    language. The most read first; where that says nothing, in the order of the topics."""
    places = list(topics)
    found: dict[str, tuple[int, int, str]] = {}
    for pk, views in read:
        entry = shelf.entries.get((pk, language))
        if not entry or entry.topic not in topics:
            continue
        root = topics[entry.topic].parent or entry.topic
        short = [question for question in entry.questions if len(question) <= LONGEST_HOT]
        if short and root not in found:
            found[root] = (-views, places.index(root), min(short, key=len))
    return [question for _views, _place, question in sorted(found.values())[:HOT]]
