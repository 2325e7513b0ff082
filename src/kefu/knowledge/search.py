"""Finding articles: for the search page, for suggestions while typing, and for the bot."""

from dataclasses import dataclass

from kefu.knowledge.shelf import Entry, shelf
from kefu.text.same_words import words_key


@dataclass(frozen=True)
class Found:
    """An article that fits, in the reader's language or the nearest; ``confidence`` is calibrated, 0 to 1."""

    entry: Entry
    score: float
    confidence: float


def answers(question: str, *, language: str, limit: int = 5) -> list[Found]:
    """The articles that answer a question, best first; an empty list for an empty question."""
    current = shelf.fresh()
    found = _with_entries(current.index.answer(question, k=limit, language=language), language)
    # Who asks in the very words of a title or an example question gets that article, whatever the statistics say.
    exact = current.exact.get(words_key(question), current.exact.get(words_key(current.index.mended(question))))
    if exact is not None and (entry := current.entry(str(exact), language)):
        found = [Found(entry, 1.0, 1.0), *(one for one in found if one.entry.article != exact)][:limit]
    return found


def search(query: str, *, language: str, limit: int = 20) -> list[Found]:
    """The articles that fit what was typed so far: the last word may be unfinished, a letter wrong."""
    current = shelf.fresh()
    return _with_entries(current.index.search(query, limit, language), language)


def did_you_mean(query: str) -> str | None:
    """A likelier spelling of the query, or None."""
    return shelf.fresh().index.did_you_mean(query)


def _with_entries(hits: "list", language: str) -> list[Found]:  # type: ignore[type-arg]
    found = []
    for hit in hits:
        if entry := shelf.entry(str(hit.doc_id), language):
            found.append(Found(entry, hit.score, hit.confidence))
    return found
