"""Private keys that are known as such only by the words around them: hexadecimal, and base58 without a checksum."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kefu.text.checksums import base58
from kefu.text.secrets.cues import cues, link
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import has_alphanumerics

HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9a-fA-F]{128}|[0-9a-fA-F]{62,66})(?![0-9A-Za-z])")
BASE58 = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9A-HJ-NP-Za-km-z]{43,44}|[1-9A-HJ-NP-Za-km-z]{51,52}|[1-9A-HJ-NP-Za-km-z]{86,90})(?![0-9A-Za-z])"
)
ENTITY = re.compile(r"[0-9A-Za-z]{25,}")
# "private key of my address": the address says whose key it is, not what the number is.
WHOSE = re.compile(r"[\s\"']*(?:of|for|to|from|de|del|para|для|от|của|的|\()\s?[^\n:：=]{0,24}$")
STOP = re.compile(r"[.!?。！？\n]")
SHORTEST = 43  # characters that one of them has
FAR = 220  # characters of text in which a word can name a key ...
NEAR = 64  # ... and how many of them, without addresses and other keys, may lie between
AFTER = 24


def find_named_keys(text: str, low: str) -> Iterator[Finding]:
    if not has_alphanumerics(text, SHORTEST):
        return
    spans = [match.span() for match in HEX.finditer(text)] + [match.span() for match in BASE58.finditer(text)]
    if not spans:
        return
    named = sorted(cues(text, low, "private_key"))
    if not named:
        return
    public = sorted(cues(text, low, "keys", "not"))
    for start, end in spans:
        word = text[start:end]
        tied = _tied(low, start, named)
        shaped = _is_hex(word) or (len(word) > 44 and (len(word) <= 52 or len(base58(word) or b"") == 64))
        usual = shaped and len(word.removeprefix("0x")) in {64, 128, 51, 52, 86, 87, 88, 89, 90}
        if tied or (usual and _is_named(low, start, end, named, public)):
            yield Finding(Kind.PRIVATE_KEY, start, end, 0.9)


def _is_hex(word: str) -> bool:
    return not set(word.lower()) - set("0123456789abcdefx")


def _tied(low: str, start: int, named: list[tuple[int, int]]) -> bool:
    """Whether a cue and at most a sign stand right before."""
    at = bisect_right(named, (start, 0)) - 1
    return at >= 0 and named[at][1] <= start <= named[at][1] + 24 and link(low, named[at][1])[0] == start


def _is_named(low: str, start: int, end: int, named: list[tuple[int, int]], public: list[tuple[int, int]]) -> bool:
    return _before(low, start, named, public) or _after(low, start, end, named, public)


def _before(low: str, start: int, named: list[tuple[int, int]], public: list[tuple[int, int]]) -> bool:
    """Whether the nearest word before that says what the number is calls it a private key."""
    at = bisect_right(named, (start, 0)) - 1
    if at < 0 or start - named[at][1] > FAR:
        return False
    key_end = named[at][1]
    if len(ENTITY.sub("", low[key_end:start])) > NEAR:
        return False
    nearer = public[bisect_left(public, (key_end, 0)) : bisect_left(public, (start, 0))]
    return all(WHOSE.match(low[key_end:place]) or ENTITY.search(low[stop:start]) for place, stop in nearer)


def _after(low: str, start: int, end: int, named: list[tuple[int, int]], public: list[tuple[int, int]]) -> bool:
    """Whether the words behind call it a private key, and those before call it nothing."""
    at = bisect_left(named, (end, 0))
    if at == len(named) or named[at][0] - end > AFTER or STOP.search(low[end : named[at][0]]):
        return False
    if public[bisect_left(public, (end, 0)) : bisect_left(public, (named[at][0], 0))]:
        return False
    before = bisect_left(public, (start, 0)) - 1
    return before < 0 or start - public[before][1] > AFTER
