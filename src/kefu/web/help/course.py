"""A path: articles in an order, as a course whose reader's progress stays in the reader's browser."""

from dataclasses import dataclass

from kefu.knowledge.models import Article
from kefu.knowledge.shelf import Entry, shelf


@dataclass(frozen=True)
class Place:
    """Where a chapter stands in a path: what came before, what comes next."""

    path: Entry
    number: int
    of: int
    before: Entry | None
    after: Entry | None


def chapters(article: Article, language: str) -> list[Entry]:
    """The published chapters of a path, in its order."""
    found = dict(Article.objects.filter(slug__in=article.chapters).values_list("slug", "pk"))
    current = shelf.fresh()
    return [entry for slug in article.chapters if slug in found and (entry := current.entry(str(found[slug]), language))]


def place_in(path_slug: str, slug: str, language: str) -> Place | None:
    """The place of an article in the path by which its reader came; None where there is none."""
    path = Article.objects.filter(slug=path_slug, kind=Article.Kind.PATH).first() if path_slug else None
    shown = shelf.fresh().entry(str(path.pk), language) if path else None
    if path is None or shown is None:
        return None
    entries = chapters(path, language)
    at = next((n for n, entry in enumerate(entries) if entry.slug == slug), None)
    if at is None:
        return None
    return Place(shown, at + 1, len(entries), entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None)
