"""Live cards beside what people write: a txid, address, order or error code, and how it stands at the exchange."""

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.bot import policy
from kefu.conversations.models import Conversation, Message, Watch
from kefu.exchange import words
from kefu.exchange.cards import Card, card_of, mentioned, resolves_itself
from kefu.exchange.port import Deposit, Order, Withdrawal
from kefu.exchange.states import MOVING
from kefu.knowledge.search import answers
from kefu.text.entities import Entity

CHAINS = {
    "evm": "EVM (Ethereum, BNB Smart Chain, Arbitrum …)",
    "bitcoin": "Bitcoin",
    "bitcoin-testnet": "Bitcoin testnet",
    "tron": "Tron",
    "solana": "Solana",
    "xrp": "XRP Ledger",
    "ton": "TON",
    "litecoin": "Litecoin",
    "dogecoin": "Dogecoin",
    "cardano": "Cardano",
}
READ = 40  # newest messages of a customer that are looked through


def entities_of(conversation: Conversation) -> list[Entity]:
    """What the customer's own words name, the last first."""
    rows = conversation.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-seq")
    return mentioned(list(rows.values_list("body", flat=True)[:READ])[::-1])


def cards_of(conversation: Conversation, *, uid: str) -> list[dict[str, Any]]:
    """The cards of a conversation, for whoever may see the account ``uid``."""
    waited = set(conversation.watches.filter(ended_at__isnull=True).values_list("subject", flat=True))
    return [shown(card_of(one, uid=uid), waited=one.value in waited) for one in entities_of(conversation)]


def plain(entity: Entity) -> dict[str, Any]:
    """What the text alone tells of a thing, without asking anybody."""
    return {"name": name(entity.kind), "value": entity.value, "chain": CHAINS.get(entity.chain, ""), "broken": entity.valid is False}


def shown(card: Card, *, waited: bool = False) -> dict[str, Any]:
    """A card in words."""
    found: dict[str, Any] = {
        "card": card,
        "facts": card.facts,
        "name": name(card.what),
        "chain": CHAINS.get(card.chain, ""),
        "waited": waited,
        "resolves_itself": resolves_itself(card),
        "moves": card.moves and card.state != "unknown",
    }
    if isinstance(card.facts, Order):
        return found | {"state": words.order_state(card.facts.state), "tone": words.ORDER_TONES.get(card.facts.state, "")}
    if isinstance(card.facts, (Deposit, Withdrawal)):
        state, advice = words.transfer(card.facts, card.state)
        tones = words.DEPOSIT_TONES if isinstance(card.facts, Deposit) else words.WITHDRAWAL_TONES
        return found | {"state": state, "advice": advice, "tone": tones.get(card.state, "bad")}
    if card.what == "error_code":
        return found | {"article": article_about(card.value), "search": f"{reverse('help-search')}?q={quote(card.value)}"}
    return found


def article_about(code: str) -> dict[str, str] | None:
    """The article that answers what an error code means; None where the help centre has none that is sure to."""
    hits = answers(_("API error code %(code)s") % {"code": code}, language=get_language() or "en", limit=3)
    sure = [hit for hit in hits if hit.confidence >= policy.ON_TOPIC and code in f"{hit.entry.summary} {hit.entry.body}"]
    return {"title": sure[0].entry.title, "url": reverse("help-article", args=[sure[0].entry.slug])} if sure else None


def name(kind: str) -> str:
    """What a thing is called."""
    return {"txid": _("Transaction"), "address": _("Address"), "order": _("Order"), "error_code": _("Error code")}.get(kind, kind)


def waits(conversation: Conversation) -> list[dict[str, Any]]:
    """What it waits for just now."""
    rows = conversation.watches.filter(ended_at__isnull=True).order_by("pk")
    return [{"watch": one, "what": what_of(one.kind, one.label), "state": state_of(one), "until": one.until} for one in rows]


def what_of(kind: str, label: str) -> str:
    """The thing that is waited for, in words."""
    return _("identity verification") if kind == Watch.Kind.IDENTITY else label or _("a transfer")


def state_of(watch: Watch) -> str:
    """How it stood when it was looked at last."""
    if watch.kind == Watch.Kind.IDENTITY:
        return words.kyc_state(watch.state)
    return words.transfer_state(watch.state)


def can_change(state: str) -> bool:
    """Whether a state is worth waiting for."""
    return state in MOVING
