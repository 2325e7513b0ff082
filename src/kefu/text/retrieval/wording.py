"""The words of documents and of questions, with what each counts."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kefu.text import concepts
from kefu.text.tokens import CJK, grams, words

# What a word counts by where it stands in a document. A kind that is not listed counts as body.
FIELDS = {"title": 4.0, "question": 2.0, "summary": 2.0, "headings": 2.0, "body": 0.6}
PASSAGE = 600  # characters of a passage; a text not much longer is one
SINGLE, GRAM, CONCEPT = 0.4, 0.25, 2.4  # of a question: one Chinese character, a piece of a word, a concept

# The ways to ask, and what everybody says: in any question, whatever it is about.
ASKING = frozenset(
    "how why what-is how-long may-i need look-up information several everything problem lately open start more less number stay worth what-now "
    "what-happened at-once again-and-again both-sides one-of-many keep asked-to elapsed too-long".split()
)
FAINT = 0.4


def kinds(texts: Mapping[str, str] | Sequence[str]) -> list[tuple[str, str]]:
    """Texts with their kinds: of a list the first is the title, unless it is the only one."""
    if isinstance(texts, Mapping):
        return list(texts.items())
    return [("title" if place == 0 < len(texts) - 1 else "body", text) for place, text in enumerate(texts)]


def document(named: Iterable[tuple[str, str]], language: str) -> dict[str, float]:
    """Tokens of a whole document, each counted by the fields in which it stands."""
    counts: dict[str, float] = {}
    held = list(named)
    for kind, text in held:
        worth = FIELDS.get(kind, 1.0) if len(held) > 1 else 1.0
        for token, count in Counter(words(text, language) + grams(text) + _concepts(text)).items():
            counts[token] = counts.get(token, 0.0) + worth * count
    return counts


def passage(text: str, language: str) -> dict[str, float]:
    """Tokens of one passage."""
    return {token: float(count) for token, count in Counter(words(text, language) + _concepts(text)).items()}


def passages(text: str) -> list[str]:
    """A text as it is, or cut at line ends into pieces of about PASSAGE characters."""
    if len(text) <= PASSAGE * 1.5:
        return [text] if text.strip() else []
    parts = [""]
    for line in text.split("\n"):
        if parts[-1] and len(parts[-1]) + len(line) > PASSAGE:
            parts.append("")
        parts[-1] += line + "\n"
    return [part for part in parts if part.strip()]


def question(text: str, language: str) -> dict[str, float]:
    """Tokens of a question with their weights."""
    weights: dict[str, float] = {}
    for token, count in Counter(words(text, language)).items():
        weights[token] = (SINGLE if is_single(token) else 1.0) * (1 + math.log(count))
    for token in grams(text):
        weights[token] = GRAM
    for token in _concepts(text):
        weights[token] = FAINT if token[1:] in ASKING else CONCEPT
    return weights


def notions(text: str) -> set[str]:
    """The concepts that a text names, without the ways to ask."""
    return set(concepts.find(text)) - ASKING


def is_single(token: str) -> bool:
    """Whether a token is one Chinese or Japanese character."""
    return len(token) == 1 and CJK.match(token) is not None


def _concepts(text: str) -> list[str]:
    return [f"@{name}" for name in concepts.find(text)]
