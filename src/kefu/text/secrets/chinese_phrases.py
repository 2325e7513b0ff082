"""Seed phrases in Chinese characters, with or without anything between them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise

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
HAN = re.compile(r"[\u3400-\u9fff]")
# "第1个字：": the number of a word, not a word.
ORDINAL = re.compile(r"第[\d一二三四五六七八九十]{1,3}\s?[个個词詞字号][词詞字]?")
APART = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[^\u3400-\u9fffA-Za-z]{1,12}[\u3400-\u9fff](?![\u3400-\u9fff])){3,}")
FEWEST_IN_PARTS = 10
SHORTEST = min(LENGTHS)


@dataclass(frozen=True)
class Run:
    """Characters of one list that follow each other: places, indices, and sums up to each of rarity and of gaps."""

    places: Sequence[int]
    numbers: Sequence[int]
    rarity: Sequence[float]
    gaps: Sequence[int]


def find_chinese_phrases(text: str, low: str) -> Iterator[Finding]:
    if "第" in text:
        text = ORDINAL.sub(lambda m: " " * len(m.group()), text)
    places = [m.start() for m in HAN.finditer(text)]
    if len(places) < SHORTEST:
        return
    yield from _in_parts(text, low)
    plain = text.translate(_simpler())
    for name in CHINESE:
        index = lexicon()[name]
        for run in _runs(text, places, index):
            yield from _phrases(plain, low, run)


def _in_parts(text: str, low: str) -> Iterator[Finding]:
    """A phrase in parts, its characters kept apart: "first half: 村 额 朋 项, second half: 怒 洁 淀 维"."""
    listed = lexicon()["chinese_simplified"].keys() | lexicon()["chinese_traditional"].keys()
    parts = [m.span() for m in APART.finditer(text) if all(c in listed for c in HAN.findall(m.group()))]
    if sum(len(HAN.findall(text[start:end])) for start, end in parts) >= FEWEST_IN_PARTS:
        named = pattern("cues", "seed_phrase").search(low) is not None
        for start, end in parts:
            if named or len(parts) <= 3:
                yield Finding(Kind.SEED_PHRASE, start, end, 0.8)


def _runs(text: str, places: Sequence[int], index: dict[str, int]) -> Iterator[Run]:
    """Stretches of list characters with nothing but separators between them."""
    run: list[int] = []
    for place in places:
        listed = text[place] in index
        if run and not (listed and _only_separators(text, run[-1] + 1, place)):
            if len(run) >= SHORTEST:
                yield _run(text, run, index)
            run = []
        if listed:
            run.append(place)
    if len(run) >= SHORTEST:
        yield _run(text, run, index)


def _only_separators(text: str, start: int, end: int) -> bool:
    return start == end or (end - start <= 12 and not any(c.isalpha() for c in text[start:end]))


def _run(text: str, places: list[int], index: dict[str, int]) -> Run:
    numbers = [index[text[place]] for place in places]
    rarity = [0.0, *accumulate(_rarity(number) for number in numbers)]
    gaps = [0, *accumulate(int(b - a > 1) for a, b in pairwise(places))]
    return Run(places, numbers, rarity, gaps)


@lru_cache(maxsize=2048)
def _rarity(number: int) -> float:
    return math.log2(number + 1)


def _phrases(plain: str, low: str, run: Run) -> Iterator[Finding]:
    """The phrases of a run, from left to right, the longest that convinces at each place."""
    at = 0
    while at + SHORTEST <= len(run.places):
        step = 1
        for length in LENGTHS:
            if at + length <= len(run.places) and (certainty := _certainty(plain, low, run, at, length)):
                yield Finding(Kind.SEED_PHRASE, run.places[at], run.places[at + length - 1] + 1, certainty)
                step = length
                break
        at += step


def _certainty(plain: str, low: str, run: Run, at: int, length: int) -> float:
    """How certain a window of a run is a phrase: by rarity, separation, checksum and the words before; 0 for prose."""
    end = at + length
    rare = (run.rarity[end] - run.rarity[at]) / length
    if rare < RARE_APART:
        return 0
    gaps = run.gaps[end - 1] - run.gaps[at]
    apart = gaps == length - 1
    if not apart and (rare < RARE_WITH_CHECKSUM or gaps or _is_prose(plain[run.places[at] : run.places[end - 1] + 1])):
        return 0
    if checksum_holds(run.numbers[at:end]):
        return 1.0
    if (apart and rare >= RARE_WITH_CHECKSUM) or rare >= RARE_ALONE:
        return 0.8
    before = low[max(0, run.places[at] - NAMED_WITHIN) : run.places[at]]
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
