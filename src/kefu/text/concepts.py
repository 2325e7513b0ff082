"""The notions of an exchange's customers, in the words of each language: what lets a question in one find an answer in another."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kefu.text.tokens import CJK, RECENT, raw_words, script_language, stem

LANGUAGES = ("zh", "zh-hant", "en", "es", "ru", "tr", "vi")
_END = ""
EXACT = "="  # before a form whose stem means something else too: "funding" is no fund


def find(text: str) -> list[str]:
    """The concepts named in a text, in order of appearance; the longest form wins. Linear time."""
    return list(_found(text))


@lru_cache(maxsize=RECENT)
def _found(text: str) -> tuple[str, ...]:
    tokens = _tokens(text)
    tree = _tree()
    found: list[str] = []
    at = 0
    while at < len(tokens):
        nodes = [tree[way] for way in tokens[at] if way in tree]
        step, named, offset = 0, "", at
        while nodes:
            offset += 1
            if ends := [node[_END] for node in nodes if _END in node]:
                step, named = offset - at, " ".join(ends)
            if offset == len(tokens):
                break
            nodes = [node[way] for node in nodes for way in tokens[offset] if way in node]
        if named:
            found += dict.fromkeys(named.split())
        at += max(1, step)
    return tuple(found)


def names() -> list[str]:
    """Every concept of the lexicon."""
    return list(_lexicon())


def _tokens(text: str) -> list[tuple[str, ...]]:
    """Each word as it stands, marked, and by its root; each Chinese character."""
    tokens: list[tuple[str, ...]] = []
    for piece in raw_words(text):
        if CJK.match(piece):
            tokens += [(character,) for character in piece]
        else:
            tokens.append((EXACT + piece, root(piece)))
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
                for ways in _tokens(form.removeprefix(EXACT)):
                    node = node.setdefault(ways[0] if form.startswith(EXACT) else ways[-1], {})
                held = node.get(_END, "")
                node[_END] = held if name in held.split() else f"{held} {name}".strip()
    return tree
