"""The notions of an exchange's customers, in the words of each language: what lets a question in one find an answer in another."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kefu.text.tokens import CJK, fold, raw_words, script_language, stem

LANGUAGES = ("zh", "en", "es", "ru", "tr", "vi")
_END = ""


def find(text: str) -> list[str]:
    """The concepts named in a text, in order of appearance; the longest form wins. Linear time."""
    tokens = _tokens(text)
    tree = _tree()
    found: list[str] = []
    at = 0
    while at < len(tokens):
        node, step, name = tree, 0, ""
        for offset in range(at, len(tokens)):
            node = node.get(tokens[offset])  # type: ignore[assignment]
            if node is None:
                break
            if _END in node:
                step, name = offset - at + 1, node[_END]
        if name:
            found += name.split()
        at += max(1, step)
    return found


def names() -> list[str]:
    """Every concept of the lexicon."""
    return list(_lexicon())


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for piece in raw_words(text):
        if CJK.match(piece):
            tokens += piece
        else:
            tokens.append(root(piece))
    return tokens


def root(word: str) -> str:
    """A word without its ending: Snowball's stem for Russian and English, the first letters of long Turkish words."""
    return stem(word, script_language(word))


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("kefu.text") / "data" / "concepts.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _tree() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, languages in _lexicon().items():
        for forms in languages.values():
            for form in forms:
                node = tree
                for token in _tokens(fold(form)):
                    node = node.setdefault(token, {})
                held = node.get(_END, "")
                node[_END] = held if name in held.split() else f"{held} {name}".strip()
    return tree
