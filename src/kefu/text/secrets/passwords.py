"""Passwords and API passphrases: what a person thought up, beside a word that says so."""

import re
from collections.abc import Iterator

from kefu.text.secrets.cues import cues, link, skip_between, states
from kefu.text.secrets.finding import Finding, Kind

VALUE = re.compile(r"[^\s，。！？；、\"'“”‘’<>（）【】「」『』]{4,64}")
CLAUSE_END = re.compile(r"[\s\"'”’)\]}|*`]*(?:[,.;!?，。；！？、\n]|$)")
URL_LOGIN = re.compile(r"[a-z][a-z0-9+.-]{2,20}://[^\s/:@]{1,64}:(?P<value>[^\s/@]{3,100})@", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}|[a-z]{3,6}://\S+|www\.\S+", re.IGNORECASE)
# Dates, times, versions, ranges, amounts with a unit: numbers that nobody keeps secret.
FIGURE = re.compile(
    r"v?\d{1,5}|[\d:/.\-]+(?:am|pm)?|\d[\d.,]*(?:h|hrs?|min|s|times|次|%|k|usdt|usdc|btc|eth|d|days|位|-digit|\+)?", re.IGNORECASE
)
# Names of things that look thought up: ticket and order numbers, UUIDs, hashes, addresses.
REFERENCE = re.compile(
    r"[A-Z]{2,5}-[\dA-Z-]{4,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:0x)?[0-9a-fA-F]{40,64}|(?:bc1|tb1|ltc1)[0-9a-z]{20,}|[13TEU][1-9A-HJ-NP-Za-km-z]{33,47}"
)
PLACEHOLDER = re.compile(r"%\(|[{<$]|\[removed|\*{3}|x{4}|\.{3}", re.IGNORECASE)
TRAIL = ".,;:?)]}|*`"


def find_passwords(text: str, low: str) -> Iterator[Finding]:
    for start, end in cues(text, low, "password"):
        if found := _value(text, low, end, native=low[start:end].isascii()):
            yield Finding(Kind.PASSWORD, *found)
    for _, end in cues(text, low, "password_if_tied"):
        if found := _value(text, low, end, native=True, tied=True):
            yield Finding(Kind.PASSWORD, *found)
    for _, end in cues(text, low, "passphrase"):
        if found := _value(text, low, end, native=True, tied=True):
            yield Finding(Kind.PASSPHRASE, *found)
    if "://" in low:
        for match in URL_LOGIN.finditer(text):
            yield Finding(Kind.PASSWORD, match.start("value"), match.end("value"), 0.95)


def _value(text: str, low: str, end: int, *, native: bool, tied: bool = False) -> tuple[int, int, float] | None:
    """Start, end and certainty of the password after a cue; ``native`` when cue and value share an alphabet.

    ``tied`` asks for a sign or a verb between them.
    """
    at, tie = link(low, end)
    over = skip_between(low, end) if not tie else end
    gap = over > end
    if gap:
        at, tie = link(low, over)
    match = VALUE.match(text, at)
    if match is None or (tied and not tie) or PLACEHOLDER.match(match.group()) or (native and at == end):
        return None
    value = match.group().rstrip(TRAIL)
    if len(value) < 4 or not value.isascii() or ADDRESS.fullmatch(value) or REFERENCE.fullmatch(value):
        return None
    ended = CLAUSE_END.match(text, at + len(value)) is not None
    certainty = _judge(value, tie, gap=gap, native=native, close=at - over <= 1, ended=ended)
    return (at, at + len(value), certainty) if certainty else None


def _judge(value: str, tie: str, *, gap: bool, native: bool, close: bool, ended: bool) -> float:
    """How certain it is that a value is a password; 0 for prose."""
    if value.isalpha():
        word = value.lower()
        if len(value) < 5 or word in states() or not ended or gap:
            return 0
        if tie == "sign" or (tie == "verb" and not native):
            return 0.6
        return 0.5 if tie == "verb" and not any(c in "aeiouy" for c in word[1:]) else 0
    if FIGURE.fullmatch(value):
        digits = value.isdigit() and 6 <= len(value) <= 20
        return 0.7 if digits and not gap and (tie or (close and not native)) else 0
    invented = any(c.isdigit() for c in value) or bool(re.search(r"[@#$%^&*!]", value.rstrip("!")))
    if not invented:
        return 0
    if tie and not gap:
        return 0.9
    return 0.8 if _mixed(value) and (tie or not gap) else 0


def _mixed(value: str) -> bool:
    kinds = [any(f(c) for c in value) for f in (str.isdigit, str.islower, str.isupper)]
    return sum(kinds) + bool(re.search(r"[^\w\s]", value)) >= 2 and len(value) >= 6
