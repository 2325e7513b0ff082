"""Answers from the customer's own account: a transfer by its txid, by its amount, or the one that is on its way; an order;
API keys; the level; the identity check. Says what it looked up."""

import re
from dataclasses import dataclass
from decimal import Decimal

from kefu.bot import phrases
from kefu.conversations.models import Conversation
from kefu.conversations.prove import account_of
from kefu.exchange.cards import cards
from kefu.exchange.choose import exchange
from kefu.exchange.port import Activity, Deposit, NotFound, Unavailable, Withdrawal
from kefu.exchange.states import GOOD
from kefu.text.entities import Entity, find

KYC = re.compile(r"kyc|认证|認證|实名|實名|verif|identity|верифик|doğrulama|xác minh", re.IGNORECASE)
MINE = re.compile(r"我|my |mine|\bi\b|'s my|мо[йяеи]|benim|của tôi|为什么|為什麼|why|拒|reject|状态|status", re.IGNORECASE)
DEPOSIT = re.compile(r"deposit|充值|充币|入金|入账|到账|пополн|депозит|yatır|nạp|depósito|credited", re.IGNORECASE)
WITHDRAWAL = re.compile(r"withdr|提现|提币|提現|提幣|出金|вывод|вывел|çek(im|tim)|rút|retir", re.IGNORECASE)
# Asks how something of one's own stands, not how it is done.
WHERE = re.compile(
    r"where|not (?:yet )?(?:here|there|arriv|credit|receiv|com)|n['\u2019]t (?:arriv|credit|receiv|com|got)|still|missing|pending|stuck"
    r"|status|when will|how long|没到|沒到|未到|没有到|还没|還沒|没收到|在哪|到哪|哪里|多久|状态|狀態|进度|進度|卡住"
    r"|где|не приш|статус|nerede|gelmedi|chưa|ở đâu|dónde|no ha llegado",
    re.IGNORECASE,
)
KEY = re.compile(r"api[\s-]*(?:key|密钥|密鑰|ключ|anahtar|khóa)|ключ\w* api", re.IGNORECASE)
KEY_ASKED = re.compile(
    r"permission|right|scope|ip\b|expir|state|status|list|which|what|权限|權限|过期|過期|到期|状态|狀態|有哪些|什么|прав|срок|yetki|quyền",
    re.I,
)
LEVEL = re.compile(
    r"(?:vip|fee|费率|費率|手续费|手續費|账户|帳戶)\s*(?:level|tier|等级|等級)|my level|我的等级|我的等級|我是.{0,4}vip|am i (?:a )?vip",
    re.I,
)

FEE = re.compile(
    r"手续费|手續費|费率|費率|挂单费|吃单费|\bfees?\b|commission|\b(?:maker|taker)\b|комисси|komisyon|işlem ücret|phí|comisi[oó]n",
    re.IGNORECASE,
)
# Whose fees: only one's own are looked up; how fees are worked out in general stands in an article.
MY = re.compile(r"我|\bmy\b|\bmine\b|\bi\b|\bme\b|мо[йяеи]|мне|benim|của tôi|tôi|\bmis?\b", re.IGNORECASE)
IN_GENERAL = re.compile(
    r"怎么算|怎麼算|如何计算|如何計算|怎样计算|how (?:is|are) .{0,20}(?:fee|commission)|退|refund|rebate|返", re.IGNORECASE
)


@dataclass(frozen=True)
class Known:
    """What the account says; ``txid`` where it is about a transfer whose card can be shown."""

    text: str
    txid: str = ""


@dataclass(frozen=True)
class _Asked:
    """What a question is about, as far as an account can tell."""

    named: list[Entity]
    identity: bool
    way: tuple[str, ...]  # deposit, withdrawal
    keys: bool
    level: bool
    fees: str = ""  # the question, where it asks what the account pays

    @property
    def amounts(self) -> list[str]:
        return [one.value for one in self.named if one.kind == "amount"]

    @property
    def orders(self) -> list[str]:
        return [one.value for one in self.named if one.kind == "order"]


def personal_answer(conversation: Conversation, text: str) -> Known | None:
    """What the account says to this question, in the active language; None where it says nothing, where the customer
    has proven no account, or where the exchange does not answer."""
    asked = _asked(text)
    if asked is None:
        return None
    try:
        uid = account_of(conversation)
        if not uid:
            return None
        for card in cards(text, uid=uid):
            if isinstance(card.facts, (Deposit, Withdrawal)):
                return Known(phrases.transfer(card.kind, card.state, card.facts), card.value)
        if asked.identity:
            return _identity(uid)
        if asked.fees and (fees := _fees(uid, asked.fees)):
            return fees
        if asked.level:
            return _level(uid)
        return _of_late(uid, asked) if asked.orders or asked.way or asked.keys else None
    except (Unavailable, NotFound):
        return None


def _asked(text: str) -> _Asked | None:
    """None for what no account has an answer to: most of what is said, for which nobody is asked."""
    named, mine = find(text), bool(MINE.search(text))
    moves = WHERE.search(text) or (any(one.kind == "amount" for one in named) and mine)
    way = tuple(name for name, words in (("deposit", DEPOSIT), ("withdrawal", WITHDRAWAL)) if moves and words.search(text))
    asked = _Asked(
        named,
        identity=bool(KYC.search(text)) and mine,
        way=way,
        keys=mine and bool(KEY.search(text) and KEY_ASKED.search(text)),
        level=bool(LEVEL.search(text)) and mine,
        fees=text if FEE.search(text) and MY.search(text) and not IN_GENERAL.search(text) else "",
    )
    has_txid = any(one.kind == "txid" for one in named)
    wanted = has_txid or asked.orders or asked.identity or asked.way or asked.keys or asked.level or asked.fees
    return asked if wanted else None


def _of_late(uid: str, asked: _Asked) -> Known | None:
    port = exchange()
    if port is None:
        return None
    lately = port.activity(uid).value
    for wanted in asked.orders:
        if order := next((one for one in lately.orders if one.id.lower() == wanted.lower()), None):
            return Known(phrases.order(order))
    if asked.keys and lately.api_keys:
        return Known(phrases.api_keys(lately.api_keys))
    return _transfer(lately, asked) if asked.way else None


def _transfer(lately: Activity, asked: _Asked) -> Known | None:
    """The one transfer that can be meant: of this amount, or the only one that has not ended well. Where several can be, none:
    the assistant does not guess."""
    moves: list[Deposit | Withdrawal] = []
    moves += lately.deposits if "deposit" in asked.way else ()
    moves += lately.withdrawals if "withdrawal" in asked.way else ()
    if asked.amounts:
        meant = [one for one in moves if _is_of(one, asked.amounts)]
    else:
        meant = [one for one in moves if one.state not in GOOD | {"cancelled", "returned"}]
    if len(meant) != 1:
        return None
    kind = "deposit" if isinstance(meant[0], Deposit) else "withdrawal"
    return Known(phrases.transfer(kind, meant[0].state, meant[0]), meant[0].txid)


def _is_of(one: Deposit | Withdrawal, amounts: list[str]) -> bool:
    return any(Decimal(number) == one.amount and coin == one.coin for number, coin in (amount.split() for amount in amounts))


def _fees(uid: str, text: str) -> Known | None:
    """What the account pays: for withdrawals of the coins that are named, else for trades and withdrawals. None where the
    exchange does not say it."""
    port = exchange()
    try:
        found = port.fees(uid).value if port else None
    except NotFound:
        return None
    if found is None or not (found.rates or found.withdrawals):
        return None
    said = set(re.findall(r"[A-Z0-9]{2,10}", text.upper()))
    named = tuple(one for one in found.withdrawals if one.coin in said)
    only_out = bool(WITHDRAWAL.search(text))
    return Known(phrases.fees(found.level, () if only_out else found.rates, named or found.withdrawals))


def _level(uid: str) -> Known | None:
    port = exchange()
    return Known(phrases.level(port.account(uid).value)) if port else None


def _identity(uid: str) -> Known | None:
    port = exchange()
    if port is None:
        return None
    kyc = port.account(uid).value.kyc
    return Known(phrases.identity(kyc.state, kyc.reason, kyc.missing))
