"""The structure of a Markdown text: its headings, its plain words, its sections."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str


def anchor(text: str, taken: set[str]) -> str:
    """The id of a heading: its words, in any script, and a number where two are alike. Always begins with ``s-``."""
    slug = "s-" + (re.sub(r"[^\w]+", "-", text.casefold()).strip("-") or "section")
    name, count = slug, 1
    while name in taken:
        count += 1
        name = f"{slug}-{count}"
    taken.add(name)
    return name


@lru_cache(maxsize=4)
def _parsed(markdown: str) -> Sequence[Token]:
    """The tokens of a text, to be read only: whoever wants its headings wants its words next."""
    return _parser.parse(markdown)


def outline(markdown: str) -> list[Heading]:
    """The headings in order, with the anchors that ``render`` gives them."""
    tokens = _parsed(markdown)
    taken: set[str] = set()
    found = []
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            text = words(inline)
            found.append(Heading(int(token.tag[1]), text, anchor(text, taken)))
    return found


def words(token: Token) -> str:
    """The visible text of an inline token."""
    parts = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(words(child))
    return "".join(parts)


def plain(markdown: str) -> str:
    """The words of a text without its marks; blocks on lines of their own."""
    parts = []
    for token in _parsed(markdown):
        if token.type == "inline":
            parts.append(re.sub(r"^(?:\[!\w+\]\s*|\? )", "", words(token)))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content.rstrip())
    return "\n".join(part for part in parts if part)
