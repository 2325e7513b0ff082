"""Finding articles: for the search page, for suggestions while typing, and for the bot."""

from dataclasses import dataclass

from kefu.knowledge.shelf import Entry, shelf
from kefu.text.same_words import words_key

WORTH_SHOWING = 0.03  # calibrated confidence under which an article is no answer worth offering
AT_ONCE = 1_000  # articles among which an answer is found between two keystrokes


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
    """The articles for what somebody looks for: those that answer it, then those that hold its words.

    An answer is found in any language and in other words than the article's; the words are found with the last one unfinished
    or a letter wrong.
    """
    worth = [one for one in answers(query, language=language, limit=limit) if one.confidence >= WORTH_SHOWING]
    known = {one.entry.article for one in worth}
    return [*worth, *(one for one in _holding(query, language, limit) if one.entry.article not in known)][:limit]


def suggestions(typed: str, *, language: str, limit: int) -> list[Found]:
    """The same for every keystroke: by the words alone where there are so many articles that an answer would come late."""
    if len(shelf.fresh().index) > AT_ONCE:
        return _holding(typed, language, limit)
    return search(typed, language=language, limit=limit)


def did_you_mean(query: str) -> str | None:
    """A likelier spelling of the query, or None."""
    return shelf.fresh().index.did_you_mean(query)


def _holding(query: str, language: str, limit: int) -> list[Found]:
    return _with_entries(shelf.fresh().index.search(query, limit, language), language)


def _with_entries(hits: "list", language: str) -> list[Found]:  # type: ignore[type-arg]
    found = []
    for hit in hits:
        if entry := shelf.entry(str(hit.doc_id), language):
            found.append(Found(entry, hit.score, hit.confidence))
    return found
