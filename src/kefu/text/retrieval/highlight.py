"""Where a query's words stand in a text, and which passage holds most of them."""

import re
from collections.abc import Sequence

from kefu.text.tokens import CJK, fold, raw_words, stem, words

WORD = re.compile(r"[^\W_]+")


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """The spans of ``text`` to mark for ``query``: words of the same stem, runs of two or more shared characters.

    Spans come in order and do not overlap. Never raises.
    """
    wanted = raw_words(query)
    latin = {form for word in wanted if not CJK.match(word) for form in (word, stem(word, "en"))}
    prefixes = tuple(word for word in latin if len(word) >= 3)
    han = "".join(word + " " for word in wanted if CJK.match(word))
    spans: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        piece = match.group()
        if CJK.search(piece):
            spans += [(match.start() + a, match.start() + b) for a, b in _shared(piece, han)]
        else:
            folded = fold(piece)
            if folded in latin or stem(folded, "en") in latin or (prefixes and folded.startswith(prefixes)):
                spans.append((match.start(), match.end()))
    return spans


def _shared(piece: str, han: str) -> list[tuple[int, int]]:
    """Runs of at least two characters (one, if the query has only one) that the query has too."""
    least = 1 if len(han.replace(" ", "")) == 1 else 2
    found, at = [], 0
    while at < len(piece):
        end = at
        while end < len(piece) and fold(piece[at : end + 1]) in han and han:
            end += 1
        if end - at >= least:
            found.append((at, end))
            at = end
        else:
            at += 1
    return found


def best_passage(query: str, sections: Sequence[str]) -> int:
    """The index of the section that shares most of the query's words, the earliest of equals; 0 for an empty list."""
    wanted = set(words(query))
    scores = [len(wanted & set(words(section))) / (20 + len(section) ** 0.5) for section in sections]
    return max(range(len(scores)), key=lambda i: (scores[i], -i)) if scores else 0
