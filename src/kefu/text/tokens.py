"""Words of any script: folded, stemmed, cut where a script has no spaces."""

import re
import threading
import unicodedata
from functools import lru_cache
from importlib.resources import files

import Stemmer

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff"
# Thai, Lao, Burmese, Khmer: written without spaces, with vowels and tones that belong to the letter before.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
PIECE = re.compile(
    rf"[{HAN}]+|[{SPACELESS}]+"
    r"|\d+(?:[.,:]\d+)+(?![^\W_])"  # amounts and versions stay whole: 0.0015, 1,000
    rf"|[^\W_{HAN}{SPACELESS}]+(?:['’][^\W_{HAN}{SPACELESS}]+)?"
)
CJK = re.compile(rf"[{HAN}]")
UNSPACED = re.compile(rf"[{SPACELESS}]")
HANGUL = re.compile(r"[\uac00-\ud7af]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
STEMMERS = {"en": "english", "es": "spanish", "ru": "russian", "tr": "turkish", "pt": "portuguese", "fr": "french",
            "de": "german", "it": "italian", "id": "indonesian", "nl": "dutch"}  # fmt: skip
# Letters that Unicode does not take apart although readers leave out their stroke: Vietnamese đ, Turkish ı, Polish ł.
STROKES = str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"})
LONGEST = 40  # a longer run of letters and digits is an id: kept whole, never cut
GRAM = 4
RECENT = 64  # texts: whoever learns one looks at it from several sides, one after the other


@lru_cache(maxsize=1)
def _simpler() -> dict[int, str]:
    """Traditional characters to simplified ones, as far as Chinese support texts use them."""
    lines = (files("kefu.text") / "data" / "simplified.txt").read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in lines if len(pair) == 2}


def fold(text: str) -> str:
    """One form for what reads the same: width, case, accents, strokes, traditional and simplified characters."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text.casefold().translate(STROKES))
    if any(map(unicodedata.combining, flat)):
        flat = "".join(c for c in flat if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", flat.casefold()).translate(_simpler())


_held = threading.local()  # a Snowball stemmer must not be shared between threads


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    if language not in STEMMERS:
        return None
    held: dict[str, Stemmer.Stemmer] = _held.__dict__.setdefault("stemmers", {})
    if language not in held:
        held[language] = Stemmer.Stemmer(STEMMERS[language])
    return held[language]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer, and of codes and ids."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer and len(word) <= LONGEST and word.isalpha() else word


def script_language(word: str) -> str:
    """The language whose stemmer fits a word's script when nothing else is known."""
    return "ru" if CYRILLIC.match(word) else "en"


def raw_words(text: str) -> list[str]:
    """The folded words, a run of a script without spaces as one. Numbers, codes and ids stay whole."""
    return list(_raw_words(text))


@lru_cache(maxsize=RECENT)
def _raw_words(text: str) -> tuple[str, ...]:
    return tuple(PIECE.findall(fold(text)))


def words(text: str, language: str = "") -> list[str]:
    """Tokens for matching: stems of words, single characters and pairs of Chinese and Japanese runs, threes of Thai,
    a Korean word with its pairs. Every token of a text comes from one place; the time is linear."""
    base = language.split("-")[0]
    found: list[str] = []
    for piece in raw_words(text):
        if CJK.match(piece):
            found += piece
            found += [piece[i : i + 2] for i in range(len(piece) - 1)]
        elif UNSPACED.match(piece):
            found += [piece[i : i + 3] for i in range(max(1, len(piece) - 2))]
        else:
            piece = piece.split("'")[0] if piece.endswith("'s") else piece.replace("'", "")
            uses = base if base in STEMMERS and not CYRILLIC.match(piece) else script_language(piece)
            found.append(stem(piece, uses))
            if HANGUL.match(piece) and len(piece) > 2:
                found += [piece[i : i + 2] for i in range(len(piece) - 1)]
    return found


def grams(text: str) -> list[str]:
    """Four-letter pieces inside words of five letters and more, marked with #: what survives a typing error."""
    found: list[str] = []
    for piece in raw_words(text):
        if not CJK.match(piece) and GRAM < len(piece) <= LONGEST:
            found += ["#" + piece[i : i + GRAM] for i in range(len(piece) - GRAM + 1)]
    return found
