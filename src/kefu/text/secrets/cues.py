"""The words beside which secrets stand, in any case and spelling, and the signs that tie a value to them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

# Letters that make a longer word of a word; Chinese, Japanese and Korean words stand without spaces.
LETTER = r"a-z\u00c0-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1eff"
_LETTER = re.compile(f"[{LETTER}]")
_QUOTES = r"\s\"'“”‘’`*_(\[（【「『<>|"
_SIGN = (
    r"(?P<sign>=>|->|→|:=|[:：=＝])"
    rf"|(?P<verb>as follows|如下|就是|是|为|為|は|는|은|(?:is|are|was|es|era|это|olan|là|lautet|est|é|to)(?![{LETTER}])|[—–-])"
)
LONG = 4000  # characters from which a text is looked at more closely before it is searched
ASCII = bytes(range(128))
LINK = re.compile(rf"[{_QUOTES})\]）】」』]{{0,12}}(?:(?:{_SIGN})[{_QUOTES}]{{0,12}}){{0,3}}")


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """The lists of ``data/secret_words.toml``."""
    return tomllib.loads((files("kefu.text") / "data" / "secret_words.toml").read_text("utf-8"))


def lower(text: str) -> str:
    """Lower case with every character in its place (``str.lower`` makes two of some, such as İ)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else "i" if c == "İ" else c for c in text)


def _parts(word: str) -> tuple[str, ...]:
    """The expression of a listed word, in parts: one for each character, and one for what may follow."""
    stem = word.removesuffix("*")
    inner = [r"[\s_\-]{0,2}" if c == " " else f"[{LETTER}]{{0,8}}" if c == "*" else re.escape(c) for c in stem]
    if _LETTER.match(stem[-1]):
        inner.append(f"[{LETTER}]{{0,8}}(?![{LETTER}])" if word.endswith("*") else f"s?(?![{LETTER}])")
    return tuple(inner)


def _is_one(part: str) -> bool:
    return len(part.removeprefix("\\")) == 1


def _either(listed: Sequence[tuple[str, ...]]) -> str:
    """One expression for several, tried in their order. What they begin with alike is looked at once, which makes long
    texts quick: of words that begin with different characters only one can be meant, so their order says nothing."""
    groups: list[dict[str, list[tuple[str, ...]]]] = []
    for parts in listed:
        first = parts[0] if parts else ""
        if not groups or not (_is_one(first) and all(map(_is_one, groups[-1]))):
            groups.append({})
        groups[-1].setdefault(first, []).append(parts[1:])
    ways = [first + _either(rest) if first else "" for group in groups for first, rest in group.items()]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


@lru_cache(maxsize=64)
def pattern(section: str, group: str, english: bool = False) -> re.Pattern[str]:
    """One expression for a list of words, the longest first, also in decomposed form (NFD). ``english``: without those that
    have other letters than English ones."""
    spelled = [form for form in _spelled(section, group) if form.isascii() or not english]
    return re.compile(_either([_parts(form) for form in sorted(spelled, key=lambda form: (-len(form), form))]))


@lru_cache(maxsize=32)
def _spelled(section: str, group: str) -> frozenset[str]:
    listed: list[str] = data()[section][group]
    return frozenset(form for word in listed for form in (word, unicodedata.normalize("NFD", word)))


@lru_cache(maxsize=32)
def _other_letters(section: str, group: str) -> frozenset[str]:
    """What the words of a list are written with besides ASCII."""
    return frozenset(letter for form in _spelled(section, group) for letter in form if not letter.isascii())


def _is_english(low: str, section: str, group: str) -> bool:
    """Whether a text has none of the other letters: then half of the list is not worth looking for."""
    if low.isascii() or len(low) < LONG:
        return low.isascii()
    others = low.encode("utf-8", "surrogatepass").translate(None, ASCII)
    return len(others) < LONG and _other_letters(section, group).isdisjoint(others.decode("utf-8", "surrogatepass"))


def cues(text: str, low: str, group: str, section: str = "cues") -> Iterator[tuple[int, int]]:
    """Start and end of each word of a list; ``low`` is ``lower(text)``. A capital begins a word: ``dbPassword``."""
    for match in pattern(section, group, _is_english(low, section, group)).finditer(low):
        start = match.start()
        inside = start > 0 and _LETTER.match(low[start]) and _LETTER.match(low[start - 1])
        if not inside or (text[start].isupper() and text[start - 1].islower()):
            yield match.span()


def link(low: str, at: int) -> tuple[int, str]:
    """Where a value begins after a cue that ends at ``at``, and what ties it: ``sign``, ``verb`` or nothing."""
    match = LINK.match(low, at)
    if match is None:
        return at, ""
    return match.end(), "sign" if match["sign"] else "verb" if match["verb"] else ""


@lru_cache(maxsize=1)
def _between() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, data()["values"]["between"]), key=len, reverse=True))
    han = data()["values"]["between_han"]
    return re.compile(rf"(?:[ _\-]*(?:\([^()\n]{{0,20}}\)|（[^（）\n]{{0,20}}）|(?:{words})(?![{LETTER}])|[{han}]{{1,10}})){{1,7}}")


def skip_between(low: str, at: int) -> int:
    """The place after words that may stand between a cue and its sign: "password *for my account* is"."""
    match = _between().match(low, at)
    return match.end() if match else at


@lru_cache(maxsize=1)
def states() -> frozenset[str]:
    """Words that say how a password is, and are none."""
    return frozenset(data()["values"]["states"])
