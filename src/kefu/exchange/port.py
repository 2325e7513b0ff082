"""What Kefu asks an exchange, and in what shape the answers come. Version 1.3; read-only but for the freeze and its end.

The first number stands in every path. The second grows when a question is added; an exchange that does not know one yet
answers 404, and Kefu does without. Added in 1.1: ``confirms``; in 1.2: ``fees``, ``signed``, ``identity_check``; in 1.3:
``unfreeze``.

Amounts are ``Decimal`` in units of the coin, times aware UTC moments. States are the words listed with each class; an
adapter that knows others maps them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

VERSION = "1.3"
T = TypeVar("T")


class Unavailable(Exception):
    """The exchange does not answer, and nothing it said before is kept."""


class NotFound(Exception):
    """The exchange knows no such thing."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """``fetched_at`` is when the exchange said it; ``is_stale`` that it does not answer now, and this is what it said then."""

    value: T
    fetched_at: datetime
    is_stale: bool = False


@dataclass(frozen=True)
class Kyc:
    """``state``: none, pending, approved, rejected, expired. ``missing`` and ``reason`` are codes, such as ``selfie`` and
    ``document_blurry``."""

    state: str
    level: int = 0
    reason: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """``risk``: low, medium, high. ``protections``: codes such as ``passkey``, ``totp``, ``anti_phishing``."""

    uid: str
    email: str
    tier: int
    country: str
    language: str
    registered: datetime
    kyc: Kyc
    is_frozen: bool = False
    risk: str = "low"
    manager: str = ""
    protections: tuple[str, ...] = ()
    withdrawals_blocked_until: datetime | None = None
    phishing_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Deposit:
    """``state``: unseen, confirming, credited, below_minimum, wrong_network, missing_memo, paused, returned."""

    id: str
    coin: str
    network: str
    amount: Decimal
    txid: str
    state: str
    at: datetime
    confirmations: int = 0
    needed: int = 0
    address: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """``state``: review, processing, broadcast, completed, rejected, cancelled, locked. ``reason`` is a code."""

    id: str
    coin: str
    network: str
    amount: Decimal
    state: str
    at: datetime
    txid: str = ""
    address: str = ""
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Order:
    """``state``: open, partly_filled, filled, cancelled, rejected, liquidated, reduced. ``side``: buy, sell."""

    id: str
    pair: str
    side: str
    kind: str
    amount: Decimal
    filled: Decimal
    state: str
    at: datetime
    price: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class ApiKey:
    """Never the key or its secret. ``state``: active, expired, disabled."""

    label: str
    permissions: tuple[str, ...]
    state: str
    created: datetime
    ips: tuple[str, ...] = ()
    expires: datetime | None = None


@dataclass(frozen=True)
class Network:
    """What holds for one coin on one network."""

    coin: str
    network: str
    minimum: Decimal
    confirmations: int
    needs_memo: bool
    deposits_open: bool
    withdrawals_open: bool


@dataclass(frozen=True)
class Rate:
    """What trades of a market cost this account, in per cent of their value. ``market``: spot, margin, perpetual, delivery,
    options. A negative rate is paid to the account."""

    market: str
    maker: Decimal
    taker: Decimal


@dataclass(frozen=True)
class WithdrawalFee:
    """What a withdrawal costs this account, and the least that can be withdrawn; both in units of the coin."""

    coin: str
    network: str
    fee: Decimal
    minimum: Decimal


@dataclass(frozen=True)
class Fees:
    """``level``: the exchange's name of the account's fee level, such as VIP 2; empty for the regular one."""

    level: str = ""
    rates: tuple[Rate, ...] = ()
    withdrawals: tuple[WithdrawalFee, ...] = ()


@dataclass(frozen=True)
class IdentityCheck:
    """A new check of document and face, made on the exchange's own page (``url``) by its own staff or provider: only how it
    ended comes here. ``state``: open, review, passed, failed, expired."""

    id: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class Activity:
    """What happened on an account lately, the newest first."""

    deposits: tuple[Deposit, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    orders: tuple[Order, ...] = ()
    api_keys: tuple[ApiKey, ...] = ()


@dataclass(frozen=True)
class Transaction:
    """What a txid is here. ``owner`` is the uid to whose account it belongs, for us alone: it is shown to nobody else."""

    deposit: Deposit | None = None
    withdrawal: Withdrawal | None = None
    owner: str = field(default="", repr=False)


class Exchange(Protocol):
    """The port. Every call may raise Unavailable; those that name something, NotFound."""

    def account(self, uid: str) -> Answer[Account]: ...

    def uid_of(self, email: str) -> Answer[str]:
        """The account with this registered mailbox."""

    def activity(self, uid: str) -> Answer[Activity]: ...

    def transaction(self, txid: str) -> Answer[Transaction]: ...

    def networks(self) -> Answer[tuple[Network, ...]]: ...

    def fees(self, uid: str) -> Answer[Fees]:
        """What this account pays. Raises NotFound also where the exchange does not say."""

    def freeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        """Ask for a freeze; the same ``request_id`` again is the same request."""

    def unfreeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        """Ask to end a freeze; the same ``request_id`` again is the same request. False where the exchange declines. Raises NotFound
        also where only its own staff may do that.
        """

    def confirms(self, uid: str, *, code: str, conversation: str) -> Answer[bool]:
        """Whether this is the one-time code that the exchange's app shows the account's owner for support just now.

        A right one is used up. ``conversation`` is the public number of the conversation in which it was typed: the app may
        tell its owner. Raises NotFound also where the exchange offers no such codes.
        """

    def signed(self, uid: str, *, address: str, text: str, signature: str, conversation: str) -> Answer[bool]:
        """Whether ``address`` is one to which this account has withdrawn for some time, and ``signature`` is that address's over
        ``text``, as wallets sign messages. Raises NotFound also where the exchange does not check signatures.
        """

    def identity_check(self, uid: str, *, conversation: str) -> Answer[IdentityCheck]:
        """The check of document and face for this conversation: begun when it is asked for first, and how it stands later.

        Raises NotFound also where the exchange offers none.
        """
