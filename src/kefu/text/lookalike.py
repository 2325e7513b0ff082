"""Domains made to be taken for ours: another ending, our name with words around it, or a letter changed."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kefu.text.secrets.wordlists import lexicon

URL = re.compile(
    r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24}|(?:[\w-]{1,63}\.){1,8}xn--[\w-]{2,59})(?=[/:?#\s，。）)】]|$)", re.IGNORECASE
)
SPLIT_SCRIPTS = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]+")
VOWELS = frozenset("aeiouy")
SIMILAR = [
    set(pair) for pair in ("il", "lj", "ij", "lt", "nm", "mw", "vw", "vu", "uv", "ck", "kx", "bd", "pq", "gq", "sz", "nr", "bh", "cs")
]
SHORT = 4  # brands up to this length are parts of too many words to be looked for inside them
LONG = 8  # from here on two wrong letters still look right


@dataclass(frozen=True)
class Match:
    """``official`` is the domain that is imitated; ``how``: ending, words, or letters."""

    domain: str
    official: str
    how: str


def match(domain: str, official: Iterable[str]) -> Match | None:
    """The official domain that ``domain`` imitates; None for our own domains, their subdomains, and all others."""
    host = domain.strip().replace("。", ".").replace("．", ".").strip(".").lower()
    names = sorted(official)
    if not host or any(host == name or host.endswith(f".{name}") for name in names):
        return None
    labels = _labels(host)
    for name in names:
        brand = name.split(".")[0] if name.count(".") == 1 else name.split(".")[-2]
        if how := _how(labels, brand):
            return Match(domain, name, how)
    return None


def suspicious(text: str, official: Sequence[str]) -> list[Match]:
    """Every look-alike among the links and domains in a text, in order."""
    found = (match(m.group(1), official) for m in URL.finditer(text))
    return [one for one in found if one]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("kefu.text") / "data" / "lookalike.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(_data()["words"])


def fold(label: str) -> str:
    """A label as the eye reads it: punycode decoded, accents and look-alike letters folded."""
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            pass
    table = _data()["confusables"]
    flat = "".join(table.get(c, c) for c in label.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", flat) if not unicodedata.combining(c))


def _labels(host: str) -> list[str]:
    """The labels that a person may choose: without the ending and without a free host's name."""
    for shared in _data()["hosts"]:
        if host.endswith(f".{shared}"):
            return host[: -len(shared) - 1].split(".")
    parts = host.split(".")
    return parts[:-1] or parts


def _how(labels: Sequence[str], brand: str) -> str | None:
    alone = len(labels) == 1 or (len(labels) == 2 and labels[0] == "www")
    for position, raw in enumerate(labels):
        decoded = fold(raw)
        written = raw if not raw.startswith("xn--") else decoded
        if written == brand and position == len(labels) - 1:
            return "ending"
        if how := _in_label(written, decoded, brand, alone=alone and "-" not in raw):
            return how
    return None


def _in_label(raw: str, decoded: str, brand: str, *, alone: bool) -> str | None:
    tokens = [token for token in re.split(r"[-_]", raw) if token]
    if any(token == brand for token in tokens):
        return "words"
    if len(brand) > SHORT and brand in raw.replace("-", ""):
        return "words"
    if (len(brand) == SHORT or _is_rare(brand)) and any(_leads(token, brand) for token in tokens):
        return "words"
    if any(_wrapped(token, brand) for token in tokens):
        return "words"
    if SPLIT_SCRIPTS.search(decoded) and brand in SPLIT_SCRIPTS.split(decoded):
        return "words"
    folded = [token for token in re.split(r"[-_]", decoded) if token]
    if alone and any(c.isdigit() for c in raw):
        return "letters" if brand in folded else None
    if brand in folded or (len(brand) > SHORT and brand in decoded):
        return "letters"
    if any(_alike(token, brand, alone=alone) for token in {*folded, *tokens}):
        return "letters"
    return None


@lru_cache(maxsize=64)
def _is_rare(brand: str) -> bool:
    """Whether no word would contain this short name: it has a pair of letters that English words lack."""
    pairs = {word[i : i + 2] for word in lexicon()["english"] for i in range(len(word) - 1)}
    return any(brand[i : i + 2] not in pairs for i in range(len(brand) - 1))


def _leads(token: str, brand: str) -> bool:
    """The short name begins or ends a word that is longer by more than one letter."""
    return len(token) > len(brand) + 1 and (token.startswith(brand) or token.endswith(brand))


def _wrapped(token: str, brand: str) -> bool:
    """Our short name with words from the fakes' vocabulary, or numbers, around it: ``okxlabs``, ``my-okx24``."""
    if brand not in token:
        return False
    at = token.find(brand)
    before, after = token[:at], token[at + len(brand) :]
    return _is_vocabulary(before) and _is_vocabulary(after)


def _is_vocabulary(text: str) -> bool:
    """Empty, digits, or one or two words that fakes use."""
    text = text.strip("0123456789")
    words = _words()
    return not text or text in words or any(text[:i] in words and text[i:] in words for i in range(1, len(text)))


def _alike(token: str, brand: str, *, alone: bool) -> bool:
    """One changed, missing, added or swapped letter away (two for long names), alone or inside a longer word."""
    if token in _data()["plain"]:
        return False
    folded_brand = fold(brand)
    forms = {token, token.replace("rn", "m").replace("vv", "w").replace("nn", "m"), token.replace("cl", "d")}
    forms |= {form.replace("l", "i") for form in forms}
    for form in forms:
        for target in {folded_brand, folded_brand.replace("l", "i")}:
            if form == target and token != brand:
                return True
            if len(brand) > SHORT and form != target and _near(form, target) and (not alone or _slips(form, target)):
                return True
            if len(brand) <= SHORT and _is_rare(brand) and len(form) == len(brand) and sorted(form) == sorted(target):
                return form != target and distance(form, target, 1) == 1
            if len(brand) <= SHORT and token != form and target == form.strip("0123456789"):
                return True
    return False


def _near(form: str, brand: str) -> bool:
    """One letter away as a whole (two when both keep the consonants), or one letter away inside fakes' words."""
    size = len(brand)
    if abs(len(form) - size) <= 1 and _begins_alike(form, brand) and distance(form, brand, 1) <= 1:
        return True
    if size >= LONG and distance(form, brand, 2) <= 2 and _bones(form) == _bones(brand):
        return True
    for width in (size, size + 1, size - 1):
        for at in range(len(form) - width + 1):
            inside = form[at : at + width]
            if width == len(form) or inside[0] != brand[0] or inside in _data()["plain"] or distance(inside, brand, 1) > 1:
                continue
            around = form[:at] + form[at + width :]
            if len(around) > 1 and _is_vocabulary(form[:at]) and _is_vocabulary(form[at + width :]):
                return True
    return False


def _slips(form: str, brand: str) -> bool:
    """Whether a name that stands alone differs as slips and fakes do, not as another word does.

    A vowel for a vowel (not at the end), letters swapped, one left out or added; a consonant only for one that
    looks like it.
    """
    if len(form) == len(brand) - 1:
        return True
    if len(form) > len(brand):
        return True
    pairs = [(a, b) for a, b in zip(form, brand, strict=False) if a != b]
    if len(pairs) == 2:
        return sorted(a for a, _ in pairs) == sorted(b for _, b in pairs)
    vowels_inside = form[-1] == brand[-1] and all(a in VOWELS and b in VOWELS for a, b in pairs)
    return vowels_inside or all({a, b} in SIMILAR or not a.isascii() for a, b in pairs)


def _begins_alike(form: str, brand: str) -> bool:
    """The first letter is the same, or one that nobody can read."""
    return form[:1] == brand[:1] or not form[:1].isascii()


def _bones(word: str) -> str:
    """The consonants, each once in a row: what a hasty eye keeps of a word."""
    bare = re.sub(r"[aeiouy]", "", word)
    return re.sub(r"(.)\1+", r"\1", bare)


def distance(one: str, two: str, limit: int) -> int:
    """Damerau–Levenshtein distance (adjacent swaps count once); anything over ``limit`` comes back as limit + 1."""
    if abs(len(one) - len(two)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)
