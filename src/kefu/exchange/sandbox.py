"""A fictional exchange for trying and testing: deterministic accounts, each with one story (``data/scenarios.toml``)."""

import hashlib
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
    Kyc,
    Network,
    NotFound,
    Order,
    Transaction,
    Withdrawal,
)

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
        self.at = at
        self.frozen: dict[str, str] = {}

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
                kyc=_kyc(story.get("kyc", {"state": "approved", "level": 2})),
                is_frozen=story.get("frozen", False) or uid in self.frozen,
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
                deposits=tuple([_deposit(uid, story["deposit"], at)] if "deposit" in story else []),
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

    def freeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        _story(uid)
        self.frozen.setdefault(uid, request_id)
        return self._answer(True)

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


def _kyc(data: dict[str, Any]) -> Kyc:
    return Kyc(data["state"], data.get("level", 0), data.get("reason", ""), tuple(data.get("missing", ())))


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
