"""Live cards: what the exchange knows of a txid, an address or an order that somebody typed, without telling whose it is."""

from dataclasses import dataclass, field
from datetime import datetime

from kefu.exchange.choose import exchange
from kefu.exchange.port import Activity, Answer, Deposit, Exchange, NotFound, Order, Unavailable, Withdrawal
from kefu.exchange.states import MOVING
from kefu.text.entities import Entity, find

MOST = 3
KINDS = {"txid", "address", "order", "error_code"}


@dataclass(frozen=True)
class Card:
    """``state`` is a code to be said in words: ``unknown`` (not seen here), ``unavailable`` (the exchange does not answer),
    ``elsewhere`` (it belongs to another account, of which nothing is said), ``sign_in`` (no account is proven), else a
    deposit's, withdrawal's or order's state; for an address ``valid``, ``broken`` or ``unchecked``.

    ``what`` is the kind of thing that was typed, ``kind`` that of what was found (deposit, withdrawal, order).
    """

    value: str
    state: str
    what: str = "txid"
    kind: str = ""
    facts: Deposit | Withdrawal | Order | None = field(default=None, repr=False)
    chain: str = ""
    fetched_at: datetime | None = None
    is_stale: bool = False

    @property
    def moves(self) -> bool:
        """Whether it is a transfer of one's own, or one not seen yet, that may still change by itself."""
        return self.what == "txid" and self.state in MOVING


def mentioned(texts: list[str], *, most: int = 5) -> list[Entity]:
    """What texts name that can have a card, each once, those named last first."""
    found: dict[tuple[str, str], Entity] = {}
    for text in texts:
        for entity in find(text):
            if entity.kind in KINDS:
                found.pop((entity.kind, entity.value), None)
                found[entity.kind, entity.value] = entity
    return list(found.values())[::-1][:most]


def cards(text: str, *, uid: str) -> list[Card]:
    """A card for each txid in a text. Only the account's own transfers are told; a guest (empty ``uid``) learns the same
    as somebody who asks about a stranger's transfer."""
    txids = list(dict.fromkeys(e.value for e in find(text) if e.kind == "txid"))
    return [card(txid, uid=uid) for txid in txids[:MOST]]


def card_of(entity: Entity, *, uid: str) -> Card:
    """What may be said about one thing to the owner of ``uid``."""
    if entity.kind == "txid":
        return card(entity.value, uid=uid)
    if entity.kind == "address":
        return _address(entity, uid)
    if entity.kind == "order":
        return _order(entity, uid)
    return Card(entity.value, "", entity.kind)


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
    age = {"fetched_at": answer.fetched_at, "is_stale": answer.is_stale}
    if facts is None or not uid or found.owner != uid:
        return Card(txid, "elsewhere" if uid else "sign_in", **age)  # type: ignore[arg-type]
    return Card(txid, facts.state, kind="deposit" if found.deposit else "withdrawal", facts=facts, **age)  # type: ignore[arg-type]


def resolves_itself(one: Card) -> bool:
    """Whether waiting is enough: no ticket is needed yet."""
    return one.kind == "deposit" and one.state in {"confirming", "credited"}


def _address(entity: Entity, uid: str) -> Card:
    """Whether an address can be right at all, and the account's own transfer to it, if there is one."""
    state = {True: "valid", False: "broken", None: "unchecked"}[entity.valid]
    plain = Card(entity.value, state, "address", chain=entity.chain)
    lately = _lately(exchange(), uid)
    if lately is None or state == "broken":
        return plain
    for kind, rows in (("withdrawal", lately.value.withdrawals), ("deposit", lately.value.deposits)):
        for one in rows:
            if one.address and one.address.lower() == entity.value.lower():
                return Card(entity.value, one.state, "address", kind, one, entity.chain, lately.fetched_at, lately.is_stale)  # type: ignore[arg-type]
    return plain


def _order(entity: Entity, uid: str) -> Card:
    if not uid:
        return Card(entity.value, "sign_in", "order")
    lately = _lately(exchange(), uid)
    if lately is None:
        return Card(entity.value, "unavailable", "order")
    found = next((one for one in lately.value.orders if one.id.lower() == entity.value.lower()), None)
    if found is None:
        return Card(entity.value, "unknown", "order", fetched_at=lately.fetched_at, is_stale=lately.is_stale)
    return Card(entity.value, found.state, "order", "order", found, fetched_at=lately.fetched_at, is_stale=lately.is_stale)


def _lately(port: Exchange | None, uid: str) -> Answer[Activity] | None:
    try:
        return port.activity(uid) if port and uid else None
    except (NotFound, Unavailable):
        return None
