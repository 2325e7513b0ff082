"""Answers from the customer's own account: a transfer by its txid, the state of the identity check. Says what it looked up."""

import re

from kefu.bot import phrases
from kefu.conversations.models import Conversation
from kefu.exchange.cards import cards
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable

KYC = re.compile(r"kyc|认证|認證|实名|實名|verif|identity|верифик|doğrulama|xác minh", re.IGNORECASE)
MINE = re.compile(r"我|my |mine|\bi\b|'s my|мо[йяеи]|benim|của tôi|为什么|為什麼|why|拒|reject|状态|status", re.IGNORECASE)


def personal_answer(conversation: Conversation, text: str) -> str:
    """What the account says to this question, in the active language; empty where it says nothing, where the customer
    has proven no account, or where the exchange does not answer."""
    try:
        uid = uid_of(conversation.customer)
        if not uid:
            return ""
        for card in cards(text, uid=uid):
            if card.facts is not None:
                return phrases.transfer(card.kind, card.state, card.facts)
        return _identity(uid) if KYC.search(text) and MINE.search(text) else ""
    except (Unavailable, NotFound):
        return ""


def _identity(uid: str) -> str:
    port = exchange()
    if port is None:
        return ""
    kyc = port.account(uid).value.kyc
    return phrases.identity(kyc.state, kyc.reason, kyc.missing)
