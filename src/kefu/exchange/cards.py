"""Live cards: what the exchange knows of a txid that somebody typed, without telling whose it is."""

from dataclasses import dataclass, field
from datetime import datetime

from kefu.exchange.choose import exchange
from kefu.exchange.port import Deposit, NotFound, Unavailable, Withdrawal
from kefu.text import entities

MOST = 3


@dataclass(frozen=True)
class Card:
    """``state`` is a code to be said in words: ``unknown`` (not seen here), ``unavailable`` (the exchange does not answer),
    ``elsewhere`` (it belongs to another account, of which nothing is said), else a deposit's or withdrawal's state."""

    txid: str
    state: str
    kind: str = ""
    facts: Deposit | Withdrawal | None = field(default=None, repr=False)
    fetched_at: datetime | None = None
    is_stale: bool = False


def cards(text: str, *, uid: str) -> list[Card]:
    """A card for each txid in a text. Only the account's own transfers are told; a guest (empty ``uid``) learns the same
    as somebody who asks about a stranger's transfer."""
    txids = list(dict.fromkeys(e.value for e in entities.find(text) if e.kind == "txid"))
    return [card(txid, uid=uid) for txid in txids[:MOST]]


def card(txid: str, *, uid: str) -> Card:
    """What may be said about one txid to the owner of ``uid``."""
    port = exchange()
    if port is None:
        return Card(txid, "unavailable")
    try:
        answer = port.transaction(txid)
    except NotFound:
        return Card(txid, "unknown")
    except Unavailable:
        return Card(txid, "unavailable")
    found = answer.value
    facts = found.deposit or found.withdrawal
    if facts is None or not uid or found.owner != uid:
        return Card(txid, "elsewhere" if uid else "sign_in", fetched_at=answer.fetched_at, is_stale=answer.is_stale)
    return Card(txid, facts.state, "deposit" if found.deposit else "withdrawal", facts, answer.fetched_at, answer.is_stale)


def resolves_itself(one: Card) -> bool:
    """Whether waiting is enough: no ticket is needed yet."""
    return one.kind == "deposit" and one.state in {"confirming", "credited"}
