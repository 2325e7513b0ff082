"""The language of a text, also of two words: by script, by words that only one language has, then by py3langid."""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

HAN = re.compile(r"[\u3400-\u9fff]")
KANA = re.compile(r"[\u3040-\u30ff]")
SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
TURKISH = re.compile(r"[ğışĞİŞ]")
SPANISH = re.compile(r"[ñ¿¡]", re.IGNORECASE)
LATIN = re.compile(r"[^\W\d_]+")


def detect(text: str, among: Sequence[str]) -> str:
    """The language of ``text`` among the given codes (such as zh-hans, en); the first of them when nothing tells."""
    offered = {code.split("-")[0].lower(): code for code in reversed(among)}
    if code := _by_script(text, among, offered):
        return code
    if scored := _by_words(text, offered):
        return scored
    words = LATIN.findall(text)
    if not words:
        return among[0]
    latin = [name for name in offered if name not in {"zh", "ja", "ko", "th", "ar", "he", "el", "hi", "ru"}]
    if not latin:
        return among[0]
    if len(latin) == 1:
        return offered[latin[0]]
    return offered.get(_engine(tuple(sorted(latin))).classify(text)[0], among[0])


def _by_script(text: str, among: Sequence[str], offered: dict[str, str]) -> str | None:
    letters = sum(1 for c in text if c.isalpha()) or 1
    if KANA.search(text) and "ja" in offered:
        return offered["ja"]
    han = len(HAN.findall(text))
    if han and (han / letters > 0.15 or han >= 4):
        return _chinese(text, among) or offered.get("ja")
    for name, pattern in SCRIPTS:
        count = len(pattern.findall(text))
        if count and name in offered and count / letters > 0.3:
            return offered[name]
    return None


def _chinese(text: str, among: Sequence[str]) -> str | None:
    kinds = [code for code in among if code.lower().startswith("zh")]
    if len(kinds) < 2:
        return kinds[0] if kinds else None
    simplified, traditional = _variants()
    balance = sum((c in simplified) - (c in traditional) for c in text)
    hant = [code for code in kinds if "hant" in code.lower() or code.lower() in {"zh-tw", "zh-hk"}]
    hans = [code for code in kinds if code not in hant]
    if balance < 0 and hant:
        return hant[0]
    return (hans or kinds)[0]


@lru_cache(maxsize=1)
def _variants() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only simplified and only traditional writing has."""
    pairs = (files("kefu.text") / "data" / "simplified.txt").read_text("utf-8").split()
    simple, full = {pair[1] for pair in pairs}, {pair[0] for pair in pairs}
    return frozenset(simple - full), frozenset(full - simple)


@lru_cache(maxsize=1)
def _common() -> dict[str, frozenset[str]]:
    data: dict[str, Any] = tomllib.loads((files("kefu.text") / "data" / "common_words.toml").read_text("utf-8"))
    return {name: frozenset(str(words).split()) for name, words in data.items()}


def _by_words(text: str, offered: dict[str, str]) -> str | None:
    """Letters and everyday words that tell the Latin languages apart; None when two are as likely."""
    words = [word.casefold() for word in LATIN.findall(text.replace("İ", "i"))]
    if not words:
        return None
    scores = {name: 0.0 for name in offered if name in _common()}
    for name in scores:
        known = _common()[name]
        scores[name] += sum(1.0 for word in words if word in known)
    for name, letters in (("vi", VIETNAMESE), ("tr", TURKISH), ("es", SPANISH)):
        if name in scores and letters.search(text):
            scores[name] += 2.0 + min(3, len(letters.findall(text)))
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] == 0:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 0.5:
        return None
    return offered[ranked[0][0]]


@lru_cache(maxsize=8)
def _engine(latin: tuple[str, ...]) -> Any:
    """py3langid limited to the offered languages. Loaded at the first use: its model takes a third of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = [name for name in latin if name in set(identifier.labels)]
    identifier.set_languages(known or ["en"])
    return identifier
