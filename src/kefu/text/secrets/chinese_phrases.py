"""Seed phrases in Chinese characters, with or without anything between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kefu.text.secrets.cues import pattern
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.wordlists import CHINESE, LENGTHS, checksum_holds, lexicon

# The lists are ordered by frequency: the mean log2 of the ranks tells everyday words (about 6.5) from words drawn
# by chance (9.56 ± 1.44/√n).
RARE_WITH_CHECKSUM = 8.0
RARE_ALONE = 9.0
RARE_APART = 7.0
RARE_NAMED = 8.0
PROSE_PAIRS = 2
NAMED_WITHIN = 16
BEYOND = 0xFFFF  # no character; stands for all outside of the basic plane
MOST_SEPARATORS = 12  # signs between two characters of a phrase
Numbers = NDArray[np.int64]
Sums = NDArray[np.float64]

HAN = re.compile(r"[\u3400-\u9fff]")
# "第1个字：": the number of a word, not a word.
ORDINAL = re.compile(r"第[\d一二三四五六七八九十]{1,3}\s?[个個词詞字号][词詞字]?")
APART = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[^\u3400-\u9fffA-Za-z]{1,12}[\u3400-\u9fff](?![\u3400-\u9fff])){3,}")
FEWEST_IN_PARTS = 10
SHORTEST = min(LENGTHS)


@dataclass(frozen=True)
class Reading:
    """The Chinese characters of a text as words of one list: places, indices (-1 for none), sums up to each of rarity and
    of gaps; and per length of a phrase where one may begin, by these alone."""

    places: Numbers
    numbers: Numbers
    rarity: Sums
    gaps: Numbers
    may_begin: dict[int, NDArray[np.bool_]]


def find_chinese_phrases(text: str, low: str) -> Iterator[Finding]:
    if "第" in text:
        text = ORDINAL.sub(lambda m: " " * len(m.group()), text)
    places = [m.start() for m in HAN.finditer(text)]
    if len(places) < SHORTEST:
        return
    yield from _in_parts(text, low)
    plain = text.translate(_simpler())
    for name in CHINESE:
        yield from _phrases(plain, low, _reading(text, np.array(places), name))


def _in_parts(text: str, low: str) -> Iterator[Finding]:
    """A phrase in parts, its characters kept apart: "first half: 村 额 朋 项, second half: 怒 洁 淀 维"."""
    listed = lexicon()["chinese_simplified"].keys() | lexicon()["chinese_traditional"].keys()
    parts = [m.span() for m in APART.finditer(text) if all(c in listed for c in HAN.findall(m.group()))]
    if sum(len(HAN.findall(text[start:end])) for start, end in parts) >= FEWEST_IN_PARTS:
        named = pattern("cues", "seed_phrase").search(low) is not None
        for start, end in parts:
            if named or len(parts) <= 3:
                yield Finding(Kind.SEED_PHRASE, start, end, 0.8)


def _reading(text: str, places: Numbers, name: str) -> Reading:
    """What stands together are characters of the list with nothing but a few separators between them."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)[places]
    numbers = _ranks(name)[np.minimum(codes, BEYOND)].astype(np.int64)
    apart = np.diff(places, prepend=-100)
    cut = (numbers < 0) | (apart > MOST_SEPARATORS + 1)
    for at in np.flatnonzero(~cut & (apart > 1)):
        cut[at] = any(c.isalpha() for c in text[places[at - 1] + 1 : places[at]])
    rarity = np.concatenate([[0.0], np.cumsum(np.log2(np.maximum(numbers, 0) + 1))])
    gaps: Numbers = np.cumsum(apart > 1, dtype=np.int64)
    cuts: Numbers = np.cumsum(cut, dtype=np.int64)
    may_begin = {}
    for length in LENGTHS:
        if length <= len(places):
            rare = (rarity[length:] - rarity[:-length]) / length
            inside = gaps[length - 1 :] - gaps[: len(gaps) - length + 1]
            whole = (cuts[length - 1 :] == cuts[: len(cuts) - length + 1]) & (numbers[: len(rare)] >= 0)
            apart_all = (rare >= RARE_APART) & (inside == length - 1)
            may_begin[length] = whole & (apart_all | ((rare >= RARE_WITH_CHECKSUM) & (inside == 0)))
    return Reading(places, numbers, rarity, gaps, may_begin)


@lru_cache(maxsize=4)
def _ranks(name: str) -> NDArray[np.int16]:
    """Per character of the basic plane, its place in a list; -1 for one that is not there."""
    ranks = np.full(BEYOND + 1, -1, np.int16)
    for character, number in lexicon()[name].items():
        if len(character) == 1:
            ranks[ord(character)] = number
    return ranks


def _phrases(plain: str, low: str, read: Reading) -> Iterator[Finding]:
    """The phrases of a text, from left to right, the longest that convinces at each place."""
    free = 0
    starts = sorted({at for may in read.may_begin.values() for at in np.flatnonzero(may).tolist()})
    for at in starts:
        for length, may in read.may_begin.items():
            if at >= free and at < len(may) and may[at] and (certainty := _certainty(plain, low, read, at, length)):
                yield Finding(Kind.SEED_PHRASE, int(read.places[at]), int(read.places[at + length - 1]) + 1, certainty)
                free = at + length


def _certainty(plain: str, low: str, read: Reading, at: int, length: int) -> float:
    """How certain a window is a phrase: by rarity, separation, checksum and the words before; 0 for prose."""
    end = at + length
    first, last = int(read.places[at]), int(read.places[end - 1])
    rare = (read.rarity[end] - read.rarity[at]) / length
    apart = read.gaps[end - 1] - read.gaps[at] == length - 1
    if not apart and _is_prose(plain[first : last + 1]):
        return 0
    if checksum_holds(read.numbers[at:end].tolist()):
        return 1.0
    if (apart and rare >= RARE_WITH_CHECKSUM) or rare >= RARE_ALONE:
        return 0.8
    before = low[max(0, first - NAMED_WITHIN) : first]
    return 0.7 if pattern("cues", "seed_phrase").search(before) else 0


@lru_cache(maxsize=1)
def _simpler() -> dict[int, str]:
    """Traditional characters to simplified ones, one for one, so that places stay."""
    pairs = (files("kefu.text") / "data" / "simplified.txt").read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs if len(pair) == 2}


@lru_cache(maxsize=1)
def _everyday_pairs() -> frozenset[str]:
    """Pairs of characters that stand together in ordinary Chinese about accounts, money and networks."""
    text = (files("kefu.text") / "data" / "chinese_pairs.txt").read_text("utf-8")
    return frozenset(text.split())


def _is_prose(window: str) -> bool:
    """Words drawn by chance almost never form one everyday pair (4,000 of 4 million); a sentence forms several."""
    pairs = _everyday_pairs()
    return sum(1 for a, b in pairwise(window) if a + b in pairs) >= PROSE_PAIRS
