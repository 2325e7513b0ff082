"""Where a query's words stand in a text, and which passage holds most of them."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from kefu.text import concepts
from kefu.text.tokens import CJK, HAN, fold, raw_words, script_language, stem, words

RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
SHORTEST = 3  # letters of a beginning that marks the whole word
LONGEST = 500  # characters of a query


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """The spans (start, end) of ``text`` to mark for ``query``: words of the same stem or beginning, runs of two or
    more shared Chinese characters.

    Spans come in order, are never empty and do not overlap. Never raises.
    """
    wanted = raw_words(query[:LONGEST])
    latin = {form for word in wanted if not CJK.match(word) for form in (word, _stem(word))}
    beginnings = tuple(word for word in latin if len(word) >= SHORTEST)
    pairs = {word[i : i + 2] for word in wanted if CJK.match(word) for i in range(max(1, len(word) - 1))}
    spans: list[tuple[int, int]] = []
    for match in RUN.finditer(text):
        piece = match.group()
        if CJK.match(piece):
            spans += [(match.start() + a, match.start() + b) for a, b in _shared(piece, pairs)]
        elif latin:
            folded = fold(piece)
            if folded in latin or _stem(folded) in latin or folded.startswith(beginnings):
                spans.append(match.span())
    return spans


def _stem(word: str) -> str:
    return stem(word, script_language(word)) if word else word


@lru_cache(maxsize=10_000)
def _folded(character: str) -> str:
    """A character as it is compared; one that folds to several stays itself, so that places stay the same."""
    flat = fold(character)
    return flat if len(flat) == 1 else character


def _shared(piece: str, pairs: set[str]) -> list[tuple[int, int]]:
    """Runs made of the query's pairs of characters (of its single character, if it has only one)."""
    flat = "".join(map(_folded, piece))
    found: list[tuple[int, int]] = []
    for start in range(len(flat)):
        for end in (start + 1, start + 2):
            if flat[start:end] in pairs and end <= len(flat):
                if found and start <= found[-1][1]:
                    found[-1] = found[-1][0], max(end, found[-1][1])
                else:
                    found.append((start, end))
    return found


def best_passage(query: str, sections: Sequence[str]) -> int:
    """The index of the section that best answers a query, the earliest of equals; 0 for an empty list.

    Rare words of the sections count more than common ones, long sections a little less; concepts count like rare words,
    so that the query may be in another language.
    """
    wanted = set(_tokens(query))
    held = [Counter(token for token in _tokens(section) if token in wanted) for section in sections]
    common = Counter(token for counts in held for token in counts)
    scores = [
        sum(math.log(1 + len(sections) / common[token]) * n / (n + 1) for token, n in counts.items())
        / (1 + math.log(10 + len(section)) / 20)
        for counts, section in zip(held, sections, strict=True)
    ]
    return max(range(len(scores)), key=lambda place: (scores[place], -place), default=0)


def _tokens(text: str) -> list[str]:
    return words(text) + [f"@{name}" for name in concepts.find(text)]
