"""What mail programs say around a quotation, in their languages (``data/mail.toml``)."""

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Marks of direction, joiners and soft spaces that mail programs strew about; none of them means anything here.
UNSEEN: dict[int, str | None] = {
    ord(c): None for c in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
}
UNSEEN |= {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x3000: " "}
_ANY = re.compile("[" + "".join(map(chr, UNSEEN)) + "]")


@dataclass(frozen=True)
class Words:
    """The words of ``data/mail.toml``, ready to be looked up."""

    wrote: tuple[str, ...]  # the longest first
    opens: tuple[str, ...]
    fields: dict[str, frozenset[str]]  # a field's name → what it may be: "from", "date", "to", "cc", "subject", "reply"
    original: frozenset[str]
    forwarded: frozenset[str]
    device_prefixes: tuple[str, ...]
    device_suffixes: tuple[str, ...]
    devices: frozenset[str]
    closings: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """Read once."""
    data = tomllib.loads((files("kefu.text") / "data" / "mail.toml").read_text("utf-8"))
    fields: dict[str, set[str]] = defaultdict(set)
    for kind, names in data["fields"].items():
        for name in names:
            fields[name].add(kind)
    device = data["device"]
    return Words(
        wrote=_longest(data["wrote"]),
        opens=_longest(data["opens"]),
        fields={name: frozenset(kinds) for name, kinds in fields.items()},
        original=frozenset(data["separators"]["original"]),
        forwarded=frozenset(data["separators"]["forwarded"]),
        device_prefixes=_longest(device["prefixes"]),
        device_suffixes=_longest(device["suffixes"]),
        devices=frozenset(device["devices"]),
        closings=frozenset(data["closings"]["words"]),
    )


def seen(text: str) -> str:
    """A text without the marks that nobody sees. Looked for first: replacing takes ten times as long, and most have none."""
    return text if text.isascii() or not _ANY.search(text) else text.translate(UNSEEN)


def folded(line: str) -> str:
    """A line as it is compared: without unseen marks, in lower case, single spaces."""
    return " ".join(seen(line).lower().split())


def _longest(items: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(items), key=len, reverse=True))
