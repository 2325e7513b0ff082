"""The word lists of BIP-39 and what makes words of them: folding, checksums, one-letter typos.

BIP-39 (https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki): 12, 15, 18, 21 or 24 words of a list of 2048;
each word stands for 11 bits; the last bits are the start of the SHA-256 of the bits before.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

LENGTHS = (24, 21, 18, 15, 12)
LISTS = (
    "english", "chinese_simplified", "chinese_traditional", "japanese", "korean", "spanish", "french", "italian",
    "portuguese", "czech", "russian", "turkish",
)  # fmt: skip
CHINESE = ("chinese_simplified", "chinese_traditional")
# Short words of prose that are one letter from a list word: never taken for a typo.
PROSE = frozenset("the and then they there where were have from your their these those about would could should".split())
SHORTEST_TYPO = 5
LONGEST_TYPO = 12
# Words that the files of the package ``mnemonic`` hold broken.
MENDED = {"сно\ufffd\ufffdа": "снова"}
PREFIX = 4  # English list words are told apart by their first four letters; metal plates hold no more


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Case, accents and composition away: lists and people write them differently."""
    if word.isascii():
        return word.lower()
    flat = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    kept = "".join(c for c in flat if not unicodedata.combining(c) or c in "\u3099\u309a")
    return kept.replace("ß", "ss")


@lru_cache(maxsize=1)
def lexicon() -> dict[str, dict[str, int]]:
    """List name → folded word → index. The words are those that the package ``mnemonic`` ships."""
    folder = files("mnemonic") / "wordlist"
    lists = {}
    for name in LISTS:
        words = (folder / f"{name}.txt").read_text("utf-8").split()
        lists[name] = {fold(word): index for index, word in enumerate(words)}
        lists[name] |= {MENDED[word]: index for index, word in enumerate(words) if word in MENDED}
    return lists


@lru_cache(maxsize=1)
def _spelled() -> tuple[str, ...]:
    return tuple(name for name in LISTS if name not in (*CHINESE, "japanese", "korean"))


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of the lists that are written with spaces."""
    return frozenset(word for name, words in lexicon().items() if name not in CHINESE for word in words)


@lru_cache(maxsize=1)
def prefixes() -> dict[str, int]:
    """The first four letters of each English word → its index."""
    return {word[:PREFIX]: index for word, index in lexicon()["english"].items()}


@lru_cache(maxsize=1)
def _listed() -> dict[str, int]:
    """Every word that is written with spaces → the lists that hold it, a bit for each."""
    held: dict[str, int] = {}
    for number, name in enumerate(_spelled()):
        for word in lexicon()[name]:
            held[word] = held.get(word, 0) | 1 << number
    return held


@lru_cache(maxsize=1)
def _shortened() -> dict[str, int]:
    """Every word of some length with one letter left out → the lists: a cheap index of one-letter typos."""
    held: dict[str, int] = {}
    for word, lists in _listed().items():
        if len(word) >= SHORTEST_TYPO:
            for i in range(len(word)):
                cut = word[:i] + word[i + 1 :]
                held[cut] = held.get(cut, 0) | lists
    return held


def is_typo(word: str, beside: str) -> bool:
    """Whether an unknown word is one letter away (left out, added, wrong or swapped) from a word of a list that holds
    the word ``beside`` it."""
    return bool(_typo_of(word) & _listed().get(beside, 0))


def is_typo_of_any(word: str) -> bool:
    """The same, whatever stands beside it."""
    return bool(_typo_of(word))


@lru_cache(maxsize=32768)
def _typo_of(word: str) -> int:
    """The lists with a word one letter away, a bit for each: all at once, since a text has many words that no list has."""
    if not SHORTEST_TYPO - 1 <= len(word) <= LONGEST_TYPO or word in PROSE:
        return 0
    listed, near = _listed(), _shortened()
    lists = near.get(word, 0)
    for i in range(len(word)):
        cut = word[:i] + word[i + 1 :]
        lists |= near.get(cut, 0)
        if len(word) > SHORTEST_TYPO:
            lists |= listed.get(cut, 0)
    return lists


def checksum_holds(indices: Sequence[int]) -> bool:
    """Whether the word indices (12 to 24 of them, 0 to 2047) carry a valid BIP-39 checksum."""
    bits = 0
    for index in indices:
        bits = (bits << 11) | index
    check_bits = len(indices) // 3
    entropy = (bits >> check_bits).to_bytes(check_bits * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - check_bits)
    return expected == bits & ((1 << check_bits) - 1)


def any_checksum(words: Sequence[str], lengths: Sequence[int] = LENGTHS) -> bool:
    """Whether some stretch of folded words is a phrase of one list with a valid checksum."""
    for index in lexicon().values():
        numbers = [index.get(word, -1) for word in words]
        for length in lengths:
            for at in range(len(numbers) - length + 1):
                window = numbers[at : at + length]
                if -1 not in window and checksum_holds(window):
                    return True
    return False
