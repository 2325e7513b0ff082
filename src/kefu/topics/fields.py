"""Typed fields: what a txid, an amount or an address looks like, asked by the bot's flows and by ticket forms alike."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from kefu.text import amounts, entities

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,63}")
UID = re.compile(r"(?<!\d)\d{8}(?!\d)")
PAIR = re.compile(r"\b([A-Za-z0-9]{2,10})\s*[-/_ ]\s*([A-Za-z0-9]{2,10})\b|\b([A-Za-z0-9]{2,6}(?:USDT|USDC|BTC|ETH))\b", re.I)
ORDER = re.compile(r"(?<![\w-])[A-Za-z0-9-]{8,40}(?![\w-])")
VERSION = re.compile(r"\d+(?:\.\d+){1,3}")
DATE = re.compile(r"\d")
URL = re.compile(r"https?://\S+", re.I)


def read_value(kind: str, text: str, choices: Sequence[dict[str, Any]] = ()) -> str | None:
    """The value in what somebody typed for a field of this kind, in its normal form; None when there is none."""
    text = text.strip()
    if not text:
        return None
    if kind == "choice":
        return _choice(text, choices)
    reader = READERS.get(kind)
    return reader(text) if reader else text[:4000]


def _choice(text: str, choices: Sequence[dict[str, Any]]) -> str | None:
    wanted = text.casefold()
    for choice in choices:
        if wanted in {str(value).casefold() for value in choice.values()}:
            return str(choice["value"])
    return None


def _entity(kind: str) -> Callable[[str], str | None]:
    def find(text: str) -> str | None:
        return next((e.value for e in entities.find(text) if e.kind == kind and e.valid is not False), None)

    return find


def _amount(text: str) -> str | None:
    value = amounts.read_amount(text)
    return None if value is None else amounts.plain(value)


def _pair(text: str) -> str | None:
    match = PAIR.search(text)
    if not match:
        return None
    return f"{match[1]}-{match[2]}".upper() if match[1] else match[3].upper()


def _matching(pattern: re.Pattern[str], *, needs_digit: bool = False) -> Callable[[str], str | None]:
    def find(text: str) -> str | None:
        for match in pattern.finditer(text):
            if not needs_digit or any(c.isdigit() for c in match.group()):
                return match.group()
        return None

    return find


def _when(text: str) -> str | None:
    return text[:80] if DATE.search(text) or len(text) >= 2 else None


READERS: dict[str, Callable[[str], str | None]] = {
    "txid": _entity("txid"),
    "address": _entity("address"),
    "amount": _amount,
    "email": _matching(EMAIL),
    "uid": _matching(UID),
    "order": _matching(ORDER, needs_digit=True),
    "pair": _pair,
    "version": _matching(VERSION),
    "url": _matching(URL),
    "datetime": _when,
}
