"""How much texts are about the same: by the words and notions that they share, each counted by how rare it is among them."""

import math
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from kefu.text import concepts
from kefu.text.retrieval.wording import CONCEPT, SINGLE, is_single
from kefu.text.tokens import words

LONGEST = 1000  # characters of a text that are compared


def likest(text: str, others: Mapping[int, str], *, least: float, most: int) -> list[tuple[int, float]]:
    """The keys of the ``most`` texts that are most like ``text``, with their likeness (0 to 1, the same words are 1), best
    first; only from ``least`` on. Notions count in every language alike, so that texts in two languages can be alike.

    Amounts, addresses and hours that only one text has say nothing; an error code that two share says much.
    """
    asked, known = _tokens(text), {key: _tokens(other) for key, other in others.items()}
    seen = Counter(token for tokens in (asked, *known.values()) for token in tokens)
    rarity = {token: math.log((2 + len(known)) / count) for token, count in seen.items() if count > 1 or not _has_digit(token)}
    wanted = _weighed(asked, rarity)
    length = _length(wanted)
    ranked = []
    for key, tokens in known.items():
        held = _weighed(tokens, rarity)
        if shared := sum(wanted[token] * worth for token, worth in held.items() if token in wanted):
            ranked.append((key, shared / (length * _length(held))))
    return [one for one in sorted(ranked, key=lambda one: -one[1])[:most] if one[1] >= least]


@lru_cache(maxsize=4096)
def _tokens(text: str) -> dict[str, float]:
    """A text's words and notions, with what each counts."""
    text = text[:LONGEST]
    found = {token: SINGLE if is_single(token) else 1.0 for token in words(text)}
    return found | {f"@{name}": CONCEPT for name in concepts.find(text)}


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)


def _weighed(tokens: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    return {token: weight * rarity[token] for token, weight in tokens.items() if token in rarity}


def _length(tokens: Mapping[str, float]) -> float:
    return math.sqrt(sum(worth * worth for worth in tokens.values())) or 1.0
