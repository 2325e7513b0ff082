"""A fictional exchange for trying and testing: deterministic accounts, each with one story (``data/scenarios.toml``)."""

import hashlib
import hmac
import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.utils.timezone import now

from kefu.exchange.port import (
    Account,
    Activity,
    Answer,
    ApiKey,
    Deposit,
    Fees,
    IdentityCheck,
    Kyc,
    Network,
    NotFound,
    Order,
    Transaction,
    Withdrawal,
)
from kefu.exchange.sandbox_fees import fees_of

CODE_LIFE = timedelta(minutes=5)
EVM = ("Ethereum", "BNB", "Arbitrum")
NETWORKS = (
    Network("BTC", "Bitcoin", Decimal("0.0001"), 1, False, True, True),
    Network("ETH", "Ethereum (ERC-20)", Decimal("0.001"), 12, False, False, True),
    Network("ETH", "Arbitrum One", Decimal("0.001"), 20, False, True, True),
    Network("USDT", "Tron (TRC-20)", Decimal("1"), 20, False, True, True),
    Network("USDT", "Ethereum (ERC-20)", Decimal("5"), 12, False, True, True),
    Network("USDC", "Ethereum (ERC-20)", Decimal("5"), 12, False, True, True),
    Network("XRP", "XRP Ledger", Decimal("1"), 1, True, True, True),
    Network("SOL", "Solana", Decimal("0.01"), 30, False, True, True),
)


class Sandbox:
    """The port over the scenarios. Times are relative to ``at`` (default: the moment of the call)."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at, self.begun = at, at or now()
        self.frozen: dict[str, str] = {}
        self.lifted: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self.checks: dict[tuple[str, str], int] = {}

    def account(self, uid: str) -> Answer[Account]:
        story = _story(uid)
        at = self.at or now()
        blocked = at + timedelta(minutes=story["blocked"]) if "blocked" in story else None
        return self._answer(
            Account(
                uid=uid,
                email=f"{story['name']}@customers.example",
                tier=story.get("tier", 0),
                country="SG",
                language="en",
                registered=at - timedelta(days=400),
                kyc=_kyc_of(uid),
                is_frozen=(story.get("frozen", False) and uid not in self.lifted) or uid in self.frozen,
                risk=story.get("risk", "low"),
                manager=story.get("manager", ""),
                protections=("totp", "anti_phishing"),
                withdrawals_blocked_until=blocked,
            )
        )

    def uid_of(self, email: str) -> Answer[str]:
        name, _, domain = email.lower().partition("@")
        found = next((s["uid"] for s in _stories().values() if s["name"] == name and domain == "customers.example"), None)
        if found is None:
            raise NotFound(email)
        return self._answer(str(found))

    def activity(self, uid: str) -> Answer[Activity]:
        story, at = _story(uid), self.at or now()
        return self._answer(
            Activity(
                deposits=tuple([_deposit(uid, _arriving(story["deposit"], at - self.begun), at)] if "deposit" in story else []),
                withdrawals=tuple([_withdrawal(uid, story["withdrawal"], at)] if "withdrawal" in story else []),
                orders=tuple([_order(uid, story["order"], at)] if "order" in story else []),
                api_keys=tuple([_key(story["key"], at)] if "key" in story else []),
            )
        )

    def transaction(self, txid: str) -> Answer[Transaction]:
        wanted = txid.lower().removeprefix("0x")
        for uid in _stories():
            found = self.activity(uid).value
            for deposit in found.deposits:
                if deposit.txid.lower().removeprefix("0x") == wanted:
                    return self._answer(Transaction(deposit=deposit, owner=uid))
            for withdrawal in found.withdrawals:
                if withdrawal.txid and withdrawal.txid.lower().removeprefix("0x") == wanted:
                    return self._answer(Transaction(withdrawal=withdrawal, owner=uid))
        raise NotFound(txid)

    def networks(self) -> Answer[tuple[Network, ...]]:
        return self._answer(NETWORKS)

    def fees(self, uid: str) -> Answer[Fees]:
        return self._answer(fees_of(_story(uid).get("tier", 0)))

    def freeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        _story(uid)
        self.frozen.setdefault(uid, request_id)
        return self._answer(True)

    def unfreeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        _story(uid)
        self.frozen.pop(uid, None)
        self.lifted.add(uid)
        return self._answer(True)

    def confirms(self, uid: str, *, code: str, conversation: str) -> Answer[bool]:
        _story(uid)
        at = self.at or now()
        right = next((c for c in (code_of(uid, at), code_of(uid, at - CODE_LIFE)) if hmac.compare_digest(c, code)), "")
        if not right or (uid, right) in self.used:
            return self._answer(False)
        self.used.add((uid, right))
        return self._answer(True)

    def signed(self, uid: str, *, address: str, text: str, signature: str, conversation: str) -> Answer[bool]:
        known = "withdrawal" in _story(uid) and address.lower() == address_of(uid)
        return self._answer(known and hmac.compare_digest(signature_of(address, text), signature.lower()))

    def identity_check(self, uid: str, *, conversation: str) -> Answer[IdentityCheck]:
        """Open when it is begun; asked again, it ended as the account's own identity check did."""
        ended = {"approved": "passed", "pending": "review", "rejected": "failed"}.get(_kyc_of(uid).state, "open")
        asked = self.checks[uid, conversation] = self.checks.get((uid, conversation), 0) + 1
        name = f"C{uid}-{conversation}"
        return self._answer(IdentityCheck(name, "open" if asked == 1 else ended, f"https://beichen.example/check/{name}"))

    def _answer(self, value: Any) -> Answer[Any]:
        return Answer(value, self.at or now())


@lru_cache(maxsize=1)
def _stories() -> dict[str, dict[str, Any]]:
    text = (files("kefu.exchange") / "data" / "scenarios.toml").read_text("utf-8")
    return {story["uid"]: story for story in tomllib.loads(text)["account"]}


def _story(uid: str) -> dict[str, Any]:
    try:
        return _stories()[uid]
    except KeyError:
        raise NotFound(uid) from None


def txid_of(uid: str, what: str, network: str) -> str:
    """The txid of a story: 64 hexadecimal digits, with 0x where the chain writes it."""
    digest = hashlib.sha256(f"{uid} {what}".encode()).hexdigest()
    return f"0x{digest}" if network.startswith(EVM) else digest


def code_of(uid: str, at: datetime) -> str:
    """The six digits that the fictional exchange's app shows to the owner of an account; new ones every five minutes."""
    window = int(at.timestamp() // CODE_LIFE.total_seconds())
    return f"{int(hashlib.sha256(f'code {uid} {window}'.encode()).hexdigest(), 16) % 10**6:06d}"


def stories(at: datetime) -> list[tuple[str, str, str]]:
    """Every account with its story and the code that its app shows: what the demo's page lists."""
    return [(uid, str(story["name"]), code_of(uid, at)) for uid, story in _stories().items()]


def address_of(uid: str) -> str:
    """The address to which a story's withdrawals went."""
    return f"0x{hashlib.sha256(f'{uid} address'.encode()).hexdigest()[:40]}"


def signature_of(address: str, text: str) -> str:
    """What the fictional wallet of an address makes of a text: the SHA-256 of both, in hexadecimal."""
    return hashlib.sha256(f"{address.lower()} {text}".encode()).hexdigest()


def _kyc_of(uid: str) -> Kyc:
    data = _story(uid).get("kyc", {"state": "approved", "level": 2})
    return Kyc(data["state"], data.get("level", 0), data.get("reason", ""), tuple(data.get("missing", ())))


def _arriving(data: dict[str, Any], since: timedelta) -> dict[str, Any]:
    """A deposit with ``every`` gains a confirmation in so many seconds, and is credited when it has all."""
    if "every" not in data:
        return data
    have = min(data["confirmations"] + int(since.total_seconds() // data["every"]), data["needed"])
    return {**data, "confirmations": have, "state": "credited" if have == data["needed"] else "confirming"}


def _deposit(uid: str, data: dict[str, Any], at: datetime) -> Deposit:
    return Deposit(
        id=f"D{uid}",
        coin=data["coin"],
        network=data["network"],
        amount=Decimal(data["amount"]),
        txid=txid_of(uid, "deposit", data["network"]),
        state=data["state"],
        at=at - timedelta(minutes=data["minutes"]),
        confirmations=data["confirmations"],
        needed=data["needed"],
    )


def _withdrawal(uid: str, data: dict[str, Any], at: datetime) -> Withdrawal:
    on_chain = data["state"] in {"broadcast", "completed"}
    return Withdrawal(
        id=f"W{uid}",
        coin=data["coin"],
        network=data["network"],
        amount=Decimal(data["amount"]),
        state=data["state"],
        at=at - timedelta(minutes=data["minutes"]),
        txid=txid_of(uid, "withdrawal", data["network"]) if on_chain else "",
        reason=data.get("reason", ""),
        until=at + timedelta(minutes=data["until"]) if "until" in data else None,
    )


def _order(uid: str, data: dict[str, Any], at: datetime) -> Order:
    return Order(
        id=f"O{uid}",
        pair=data["pair"],
        side=data["side"],
        kind=data["kind"],
        amount=Decimal(data["amount"]),
        filled=Decimal(data["filled"]),
        price=Decimal(data["price"]),
        state=data["state"],
        reason=data.get("reason", ""),
        at=at - timedelta(minutes=data["minutes"]),
    )


def _key(data: dict[str, Any], at: datetime) -> ApiKey:
    created = at - timedelta(minutes=data["minutes"])
    return ApiKey(data["label"], tuple(data["permissions"]), data["state"], created, expires=created + timedelta(days=90))
