"""A text as the search for seed phrases reads it: its words, of which kind each is, and where."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from kefu.text.secrets.wordlists import fold, is_typo_of_any, known_words, prefixes

_LETTER = r"[^\W\d_\u3400-\u9fff\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff\u2776-\u2793\u3220-\u32ff]"  # no digits in circles, no Han
WORD = re.compile(rf"\ufffc+|[\u3400-\u9fff]+|{_LETTER}+(?:[\u0300-\u036f\u3099\u309a\ufffd]+{_LETTER}*)*")
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
    """The words of a text, in order. Places are looked up for those that matter: of a long text that holds no phrase, few do."""

    def __init__(self, words: Sequence[str], span: Callable[[int], tuple[int, int]]) -> None:
        self.words = words
        self._span = span
        self.kinds = "".join(map(_kind, words))
        self.listed = self.kinds.count(LISTED)

    @classmethod
    def of(cls, text: str) -> "Reading":
        found = list(WORD.finditer(text))
        return cls([fold(match[0]) for match in found], lambda place: found[place].span())

    @classmethod
    def without_invisible(cls, text: str) -> "Reading":
        """Zero-width characters in or between the words taken out; places are those of the text as it is."""
        places = [i for i, character in enumerate(text) if not INVISIBLE.match(character)]
        found = list(WORD.finditer("".join(text[i] for i in places)))
        return cls([fold(match[0]) for match in found], lambda place: (places[found[place].start()], places[found[place].end() - 1] + 1))

    def token(self, place: int) -> Token:
        return Token(self.words[place], *self._span(place))

    def tokens_from(self, at: int, most: int) -> list[Token]:
        """The words that begin at this place of the text or behind it, ``most`` of them."""
        first = bisect_left(self._starts, at)
        return [self.token(place) for place in range(first, min(first + most, len(self.words)))]

    @cached_property
    def _starts(self) -> list[int]:
        return [self._span(place)[0] for place in range(len(self.words))]

    def stretches(self, fewest: int) -> Iterator[list[Token]]:
        """``fewest`` words or more without a strange one among them: outside of these there is no run of list words."""
        kinds = "".join(map(_near_kind, self.words))
        for match in re.finditer(rf"{LISTED}[{LISTED}{FILLER}{NEAR}]{{{fewest - 1},}}", kinds):
            yield [self.token(place) for place in range(*match.span())]

    def shortened(self, fewest: int) -> Iterator[tuple[int, int]]:
        """First place and end of ``fewest`` or more words in a row that are the first four letters of an English list word."""
        for match in re.finditer(f"s{{{fewest},}}", "".join(map(_is_short, self.words))):
            yield match.span()
