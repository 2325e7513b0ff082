"""Seed phrases of BIP-39 in every word list, however they are written down.

BIP-39 (https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki): 12, 15, 18, 21 or 24 words of a list of 2048;
each word stands for 11 bits; the last bits are the start of the SHA-256 of the bits before.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise

from kefu.text.secrets.finding import Finding, Kind

LENGTHS = (24, 21, 18, 15, 12)
LISTS = (
    "english", "chinese_simplified", "chinese_traditional", "japanese", "korean", "spanish", "french", "italian",
    "portuguese", "czech", "russian", "turkish",
)  # fmt: skip
CHINESE = ("chinese_simplified", "chinese_traditional")

FEWEST = 11  # list words in a row that are no prose any more, whatever the checksum says
FEWEST_NAMED = 5  # the same, in a text that says it is about a seed phrase and shows FEWEST_IN_ALL of them
FEWEST_IN_ALL = 10
MOST_TYPOS = 3
MOST_CHECKED = 60  # words of a run in which a checksum is looked for
# Chinese lists are ordered by frequency: the mean log2 of the ranks tells everyday words (about 6.5) from words drawn
# by chance (9.56 ± 1.44/√n).
RARE_WITH_CHECKSUM = 8.0
RARE_ALONE = 9.0
PROSE_PAIRS = 2

WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u3099\u309a]+[^\W\d_]*)*")
HAN = re.compile(r"[\u3400-\u9fff]")
ABOUT_PHRASES = re.compile(
    r"seed|mnemonic|recovery|phrase|backup words|助记|助記|恢复词|种子|恢復|frase|semilla|мнемо|сид|фраз|tohum|kurtarma"
    r"|kelime|cụm từ|khôi phục|ニーモニック|シード|니모닉|시드|복구",
    re.IGNORECASE,
)
# Words between the words: "word 1: abandon, word 2: ability".
FILLERS = frozenset("word words and then the first second third next last 和 第 个 y и".split())
# Short words of prose that are one letter from a list word: never taken for a typo.
PROSE = frozenset("the and then they there where were have from your their these those about would could should".split())
SHORTEST_TYPO = 5


@dataclass(frozen=True)
class Token:
    """A word of the text: its folded form and place."""

    word: str
    start: int
    end: int


def fold(word: str) -> str:
    """Case, accents and composition away: lists and people write them differently."""
    flat = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    kept = "".join(c for c in flat if not unicodedata.combining(c) or c in "\u3099\u309a")
    return kept.replace("ß", "ss")


@lru_cache(maxsize=1)
def lexicon() -> dict[str, dict[str, int]]:
    """List name → folded word → index. The words are those that the package ``mnemonic`` ships."""
    folder = files("mnemonic") / "wordlist"
    return {
        name: {fold(word): index for index, word in enumerate((folder / f"{name}.txt").read_text("utf-8").split())}
        for name in LISTS
    }


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    return frozenset(word for name, words in lexicon().items() if name not in CHINESE for word in words)


@lru_cache(maxsize=1)
def neighbours() -> frozenset[str]:
    """Every English list word of some length with one letter left out: a cheap index of one-letter typos."""
    words = (w for w in lexicon()["english"] if len(w) >= SHORTEST_TYPO)
    return frozenset(w[:i] + w[i + 1 :] for w in words for i in range(len(w)))


def is_typo(word: str) -> bool:
    """Whether an unknown word is one letter away from an English list word (left out, added, wrong or swapped)."""
    if len(word) < SHORTEST_TYPO - 1 or len(word) > 9 or word in PROSE or not word.isascii():
        return False
    near = neighbours()
    english = lexicon()["english"]
    shortened = {word[:i] + word[i + 1 :] for i in range(len(word))}
    return word in near or bool(shortened & near) or any(w in english for w in shortened if len(w) >= SHORTEST_TYPO)


def find_mnemonics(text: str) -> Iterator[Finding]:
    """Every seed phrase, and lists of words that can hardly be anything else."""
    yield from _spelled(text)
    yield from _chinese(text)
    yield from _unspaced_japanese(text)


def _spelled(text: str) -> Iterator[Finding]:
    tokens = [Token(fold(m.group()), m.start(), m.end()) for m in WORD.finditer(text)]
    known = known_words()
    if sum(1 for token in tokens if token.word in known) < FEWEST_IN_ALL:
        return
    runs = list(_runs(tokens))
    named = bool(ABOUT_PHRASES.search(text))
    total = sum(_count(run) for run in runs if _count(run) >= FEWEST_NAMED)
    for run in runs:
        count = _count(run)
        if count >= FEWEST or (named and count >= FEWEST_NAMED and total >= FEWEST_IN_ALL):
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 1.0 if _checks(run) else 0.8)


def _count(run: Sequence[Token]) -> int:
    return sum(1 for token in run if token.word in known_words())


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The longest stretches of list words, over fillers and a few typos; they begin and end with a list word."""
    known = known_words()
    run: list[Token] = []
    loose: list[Token] = []
    typos = 0
    for token in tokens:
        if token.word in known:
            run += loose if run else []
            run.append(token)
            loose = []
        elif run and not loose and (token.word in FILLERS and _enumerates(run, token)):
            loose.append(token)
        elif run and typos < MOST_TYPOS and len(loose) < 1 and is_typo(token.word):
            loose.append(token)
            typos += 1
        else:
            if run:
                yield run
            run, loose, typos = [], [], 0
    if run:
        yield run


def _enumerates(run: Sequence[Token], token: Token) -> bool:
    """Whether a filler stands between items of a list ("word 2", "and") rather than inside a sentence."""
    return token.word in {"word", "words", "和", "第", "个"} or (token.word in {"and", "y", "и", "then"} and len(run) >= 5)


def _checks(run: Sequence[Token]) -> bool:
    words = [token.word for token in run[:MOST_CHECKED] if token.word in known_words()]
    for index in lexicon().values():
        numbers = [index.get(word, -1) for word in words]
        for length in LENGTHS:
            for at in range(len(numbers) - length + 1):
                window = numbers[at : at + length]
                if -1 not in window and checksum_holds(window):
                    return True
    return False


def checksum_holds(indices: Sequence[int]) -> bool:
    """Whether the word indices (12 to 24 of them, 0 to 2047) carry a valid BIP-39 checksum."""
    bits = 0
    for index in indices:
        bits = (bits << 11) | index
    check_bits = len(indices) // 3
    entropy = (bits >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return expected == bits & ((1 << check_bits) - 1)


def _chinese(text: str) -> Iterator[Finding]:
    """Chinese phrases, with or without separators, inside a sentence or alone."""
    places = [m.start() for m in HAN.finditer(text)]
    if len(places) < min(LENGTHS):
        return
    for name in CHINESE:
        index = lexicon()[name]
        run: list[int] = []
        for place in [*places, -1]:
            apart = bool(run) and (place < 0 or not _only_separators(text[run[-1] + 1 : place]))
            if place < 0 or apart or text[place] not in index:
                yield from _windows(text, run, index)
                run = []
            if place >= 0 and text[place] in index:
                run.append(place)


def _only_separators(between: str) -> bool:
    return len(between) <= 12 and not any(c.isalpha() for c in between)


def _windows(text: str, run: Sequence[int], index: dict[str, int]) -> Iterator[Finding]:
    numbers = [index[text[place]] for place in run]
    rarity = [0.0, *accumulate(math.log2(number + 1) for number in numbers)]
    gaps = [0, *accumulate(int(b - a > 1) for a, b in pairwise(run))]
    at = 0
    while at + min(LENGTHS) <= len(run):
        step = 1
        for length in LENGTHS:
            end = at + length
            if end > len(run):
                continue
            rare = (rarity[end] - rarity[at]) / length
            if rare < RARE_WITH_CHECKSUM:
                continue
            gap_count = gaps[end - 1] - gaps[at]
            apart = gap_count == length - 1
            if not apart and (gap_count or _is_prose(text[run[at] : run[end - 1] + 1])):
                continue
            valid = checksum_holds(numbers[at:end])
            if valid or rare >= RARE_ALONE or apart:
                yield Finding(Kind.SEED_PHRASE, run[at], run[end - 1] + 1, 1.0 if valid else 0.8)
                step = length
                break
        at += step


@lru_cache(maxsize=1)
def everyday_pairs() -> frozenset[str]:
    """Pairs of characters that stand together in ordinary Chinese about accounts, money and networks."""
    text = (files("kefu.text") / "data" / "chinese_pairs.txt").read_text("utf-8")
    return frozenset(text.split())


def _is_prose(window: str) -> bool:
    """Words drawn by chance almost never form one everyday pair (4,000 of 4 million); a sentence forms several."""
    pairs = everyday_pairs()
    return sum(1 for i in range(len(window) - 1) if window[i : i + 2] in pairs) >= PROSE_PAIRS


def _unspaced_japanese(text: str) -> Iterator[Finding]:
    """Japanese words written without spaces: cut greedily, the longest word first."""
    index = lexicon()["japanese"]
    for stretch in re.finditer(r"[\u3040-\u309f\u3099\u309a]{36,}", text):
        flat = unicodedata.normalize("NFKD", stretch.group())
        at, count = 0, 0
        while at < len(flat):
            size = next((n for n in range(12, 2, -1) if flat[at : at + n] in index), 0)
            if not size:
                break
            at, count = at + size, count + 1
        if count >= FEWEST:
            yield Finding(Kind.SEED_PHRASE, stretch.start(), stretch.end(), 0.9)
