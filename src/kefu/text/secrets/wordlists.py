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


@lru_cache(maxsize=len(LISTS))
def _shortened(name: str) -> frozenset[str]:
    """Every word of a list of some length with one letter left out: a cheap index of one-letter typos."""
    words = (w for w in lexicon()[name] if len(w) >= SHORTEST_TYPO)
    return frozenset(w[:i] + w[i + 1 :] for w in words for i in range(len(w)))


@lru_cache(maxsize=4096)
def is_typo(word: str, beside: str) -> bool:
    """Whether an unknown word is one letter away (left out, added, wrong or swapped) from a word of a list that holds
    the word ``beside`` it."""
    return any(beside in lexicon()[name] and _is_typo_of(word, name) for name in _spelled())


def is_typo_of_any(word: str) -> bool:
    """The same, whatever stands beside it."""
    return any(_is_typo_of(word, name) for name in _spelled())


@lru_cache(maxsize=32768)
def _is_typo_of(word: str, name: str) -> bool:
    if not SHORTEST_TYPO - 1 <= len(word) <= LONGEST_TYPO or word in PROSE:
        return False
    listed, near = lexicon()[name], _shortened(name)
    shortened = {word[:i] + word[i + 1 :] for i in range(len(word))}
    return word in near or bool(shortened & near) or any(w in listed for w in shortened if len(w) >= SHORTEST_TYPO)


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
