"""Words of any script: folded, stemmed, cut where a script has no spaces."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import Stemmer

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff"
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)?")
CJK = re.compile(rf"[{HAN}]")
STEMMERS = {"en": "english", "es": "spanish", "ru": "russian", "tr": "turkish", "pt": "portuguese", "fr": "french",
            "de": "german", "it": "italian"}  # fmt: skip
LONGEST = 40  # a longer run of letters and digits is an id: kept whole, never cut
GRAM = 4


@lru_cache(maxsize=1)
def _simpler() -> dict[int, str]:
    """Traditional characters to simplified ones, as far as Chinese support texts use them."""
    lines = (files("kefu.text") / "data" / "simplified.txt").read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in lines if len(pair) == 2}


def fold(text: str) -> str:
    """One form for what reads the same: width, case, accents, traditional and simplified characters."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(c for c in flat if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", bare).translate(_simpler())


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer and word.isalpha() else word


def script_language(word: str) -> str:
    """The language whose stemmer fits a word's script when nothing else is known."""
    return "ru" if "\u0400" <= word[0] <= "\u04ff" else "en"


def raw_words(text: str) -> list[str]:
    """The folded words, a run of Chinese or Japanese as one."""
    return [match.group().replace("’", "'") for match in PIECE.finditer(fold(text))]


def words(text: str, language: str = "") -> list[str]:
    """Tokens for matching: stems of words, and single characters and pairs of Chinese and Japanese runs."""
    base = language.split("-")[0]
    found: list[str] = []
    for piece in raw_words(text):
        if CJK.match(piece):
            found += piece
            found += [piece[i : i + 2] for i in range(len(piece) - 1)]
        else:
            piece = piece.split("'")[0] if piece.endswith("'s") else piece.replace("'", "")
            uses = base if base in STEMMERS and not "\u0400" <= piece[0] <= "\u04ff" else script_language(piece)
            found.append(stem(piece, uses))
    return found


def grams(text: str) -> list[str]:
    """Four-letter pieces inside words of five letters and more, marked with #: what survives a typing error."""
    found: list[str] = []
    for piece in raw_words(text):
        if not CJK.match(piece) and GRAM < len(piece) <= LONGEST:
            found += ["#" + piece[i : i + GRAM] for i in range(len(piece) - GRAM + 1)]
    return found
