"""What a story already says: values for a topic's fields, found in what a customer typed or pasted."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kefu.text import amounts, entities
from kefu.topics.fields import read_value

# Kinds that a story names without doubt; others would be guesses.
CERTAIN = {"txid", "address", "email", "url", "pair"}
MONEY = re.compile(rf"{amounts.IN_TEXT}\s*([A-Za-z]{{2,6}})(?![A-Za-z])", re.IGNORECASE)
UNITS = {"MIN", "MINS", "HOUR", "HOURS", "DAY", "DAYS", "GB", "MB", "KB", "PM", "AM", "ND", "RD", "TH", "ST", "TIMES", "CONFIRM", "OF"}
NETWORKS = {
    "Tron (TRC-20)": r"trc-?20|\btron\b|波场",
    "Ethereum (ERC-20)": r"erc-?20|\bethereum\b|以太坊",
    "BNB Smart Chain (BEP-20)": r"bep-?20|\bbsc\b|币安智能链",
    "Arbitrum One": r"\barbitrum\b",
    "Bitcoin": r"比特币网络|\bbitcoin network\b",
    "Solana": r"\bsolana\b",
}


def recognise(text: str, fields: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Values by field name, for the fields that ``text`` answers. Two different answers to one field are none."""
    money = _money(text)
    found: dict[str, str] = {}
    for field in fields:
        name, kind = field["name"], field["type"]
        value: str | None = None
        if kind == "amount" and money:
            value = money[0]
        elif kind == "coin" and money:
            value = money[1]
        elif kind == "network":
            value = _network(text)
        elif kind in CERTAIN and _is_single(kind, text):
            value = read_value(kind, text)
        if value:
            found[name] = value
    return found


def _money(text: str) -> tuple[str, str] | None:
    """The one amount with its coin, such as 500 USDT."""
    said = {
        (amounts.plain(value), m[3].upper())
        for m in MONEY.finditer(text)
        if m[3].upper() not in UNITS and (value := amounts.value_of(m[1], m[2]))
    }
    return next(iter(said)) if len(said) == 1 else None


def networks_in(text: str) -> list[str]:
    """The networks that a text names."""
    return [name for name, pattern in NETWORKS.items() if re.search(pattern, text, re.IGNORECASE)]


def _network(text: str) -> str | None:
    said = networks_in(text)
    return said[0] if len(said) == 1 else None


def _is_single(kind: str, text: str) -> bool:
    if kind not in {"txid", "address"}:
        return True
    return len({e.value for e in entities.find(text) if e.kind == kind}) == 1
