"""A text as the search for seed phrases reads it: its words, of which kind each is, and where."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kefu.text.secrets.wordlists import fold, is_typo_of_any, known_words, prefixes

_LETTER = r"[^\W\d_\u3400-\u9fff\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff\u2776-\u2793\u3220-\u32ff]"  # no digits in circles, no Han
# The first way is for speed alone: plain English words.
WORD = re.compile(rf"[A-Za-z]++(?![^\x00-\x7f])|\ufffc+|[\u3400-\u9fff]+|{_LETTER}+(?:[\u0300-\u036f\u3099\u309a\ufffd]+{_LETTER}*)*")
_PARTED = re.compile(f"({WORD.pattern})")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
# Words between the words: "word 1: abandon, word 2: ability", "<li>abandon</li>".
FILLERS = frozenset(
    "word words the is no nr number th st nd rd and then next n li br td tr ol ul p div span nbsp palabra слово kelime từ y и e et".split()
)
FILLERS_HAN = frozenset("第个個词詞字单單是为為和号號")
LISTED, FILLER, NEAR, STRANGE = "KFTX"  # of a list; between words of a list; a letter away from one of a list; neither


class Token(NamedTuple):
    """A word of the text: its folded form and place."""

    word: str
    start: int
    end: int


def is_filler(word: str) -> bool:
    return word in FILLERS or not set(word) - FILLERS_HAN


@lru_cache(maxsize=32768)
def _kind(word: str) -> str:
    """The first that holds. A word that is both of a list and a filler counts as of a list."""
    if word in known_words():
        return LISTED
    return FILLER if is_filler(word) else STRANGE


@lru_cache(maxsize=32768)
def _near_kind(word: str) -> str:
    """The same, and whether a strange one may be a typo: that takes longer to find out."""
    kind = _kind(word)
    return NEAR if kind == STRANGE and is_typo_of_any(word) else kind


@lru_cache(maxsize=32768)
def _is_short(word: str) -> str:
    return "s" if len(word) <= 4 and word in prefixes() else "-"


def may_hold(text: str, fewest: int, most_typos: int) -> bool:
    """Whether somewhere ``fewest`` list words follow each other with no more than ``most_typos`` strange ones between them: a
    quick look at long texts that name no phrase."""
    kinds = "".join(map(_kind, map(fold, WORD.findall(text))))
    groups = [group.count(LISTED) for group in kinds.split(STRANGE)]
    return any(sum(groups[at : at + most_typos + 1]) >= fewest for at in range(len(groups)))


class Reading:
    """The words of a text, in order. Tokens are made for those that matter: of a long text that holds no phrase, few do."""

    def __init__(self, text: str, places: Sequence[int] | None = None) -> None:
        """``places`` are those of the characters in the text as it was, where some have been taken out."""
        parts = _PARTED.split(text)  # what is between words and words, in turn; much quicker than a match for each
        self._ends = list(accumulate(map(len, parts)))
        self._places = places
        self.words = [fold(word) for word in parts[1::2]]
        self.kinds = "".join([_kind(word) for word in self.words])
        self.listed = self.kinds.count(LISTED)

    @classmethod
    def without_invisible(cls, text: str) -> "Reading":
        """Zero-width characters in or between the words taken out; places are those of the text as it is."""
        places = [i for i, character in enumerate(text) if not INVISIBLE.match(character)]
        return cls("".join(text[i] for i in places), places)

    def token(self, place: int) -> Token:
        start, end = self._ends[2 * place], self._ends[2 * place + 1]
        if self._places is not None:
            start, end = self._places[start], self._places[end - 1] + 1
        return Token(self.words[place], start, end)

    def tokens_from(self, at: int, most: int) -> list[Token]:
        """The words that begin at this place of the text or behind it, ``most`` of them."""
        if self._places is not None:
            at = bisect_left(self._places, at)
        first = bisect_left(range(len(self.words)), at, key=lambda place: self._ends[2 * place])
        return [self.token(place) for place in range(first, min(first + most, len(self.words)))]

    def stretches(self, fewest: int) -> Iterator[list[Token]]:
        """``fewest`` words or more without a strange one among them, so many of them of a list: outside of these there is no
        run of list words."""
        kinds = "".join([_near_kind(word) for word in self.words])
        for match in re.finditer(rf"{LISTED}[{LISTED}{FILLER}{NEAR}]{{{fewest - 1},}}", kinds):
            if match[0].count(LISTED) >= fewest:
                yield [self.token(place) for place in range(*match.span())]

    def shortened(self, fewest: int) -> Iterator[tuple[int, int]]:
        """First place and end of ``fewest`` or more words in a row that are the first four letters of an English list word."""
        for match in re.finditer(f"s{{{fewest},}}", "".join(map(_is_short, self.words))):
            yield match.span()
