"""How soon a conversation must be served: gathered from what is known, weighed by ``text.priority``, kept with reasons."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from kefu.conversations.models import Conversation, EventKind
from kefu.conversations.timeline import append_activity
from kefu.text.priority import Facts, weigh
from kefu.text.triage import NAMES, signals

DANGERS = {"takeover", "fraud", "distress"}
BY_HAND = {"", "agent", "rule"}  # why a level was raised that may be taken back
# Coins that are worth a US dollar by design; the worth of others is not known here.
DOLLARS = {"USDT", "USDC", "DAI", "FDUSD", "TUSD", "PYUSD", "USD"}


def listen_for_signals(conversation: Conversation, text: str) -> bool:
    """Remember what the words of a customer signal; whether there was something new. The caller saves."""
    heard = signals(text)
    new = [name for name in NAMES if getattr(heard, name) and name not in conversation.signals]
    if DANGERS.intersection(new):
        conversation.lowered, conversation.lowered_why = 0, ""  # whoever lowered it did not know this
    conversation.signals = [*conversation.signals, *new]
    return bool(new)


def prioritise(conversation: Conversation) -> bool:
    """Weigh a ``locked`` conversation anew; whether its level changed. The caller saves it.

    The first weighing is silent; later changes are activities that say why. A level that somebody raised for another
    cause (``raised``) stays at least that; one that an agent lowered stays at most that, within its ``bound``.
    """
    before, was_weighed = conversation.priority, bool(conversation.priority_reasons)
    verdict = weigh(facts(conversation))
    eased = max(conversation.lowered, bound(conversation)) if conversation.lowered else verdict.level
    conversation.priority = max(min(verdict.level, eased), conversation.raised)
    conversation.priority_reasons = [asdict(reason) for reason in verdict.reasons]
    if eased < verdict.level:
        conversation.priority_reasons.insert(0, {"code": "lowered", "points": 0, "value": conversation.lowered_why})
    if conversation.raised > min(verdict.level, eased):
        conversation.priority_reasons.insert(0, {"code": "raised", "points": 0, "value": conversation.raised_why})
    if was_weighed and conversation.priority != before:
        append_activity(conversation, "priority", before=before, after=int(conversation.priority))
    return conversation.priority != before


def raise_to(conversation: Conversation, level: int, *, why: str) -> None:
    """Serve a ``locked`` conversation at least so soon; ``why`` is a code such as ``sla_breached``. The caller saves."""
    conversation.raised = max(conversation.raised, min(level, Conversation.Priority.URGENT))
    conversation.raised_why = why
    conversation.lowered, conversation.lowered_why = 0, ""
    prioritise(conversation)


def lower_to(conversation: Conversation, level: int, *, why: str) -> None:
    """Serve a ``locked`` conversation no sooner than that, as far as its ``bound`` allows; ``why``: words, or a code such as ``rule``.
    What an agent or a rule raised before is taken back. The caller saves."""
    conversation.lowered, conversation.lowered_why = max(level, bound(conversation)), why
    if conversation.raised_why in BY_HAND:
        conversation.raised, conversation.raised_why = 0, ""
    prioritise(conversation)


def bound(conversation: Conversation) -> int:
    """The level under which nobody lowers it: high with signs of danger; what a missed promise or the customer's own escalation
    made of it."""
    danger = Conversation.Priority.HIGH if DANGERS.intersection(conversation.signals) else Conversation.Priority.LOW
    held = 0 if conversation.raised_why in BY_HAND else conversation.raised
    return max(danger, held)


def facts(conversation: Conversation) -> Facts:
    """What is known of a conversation, as ``weigh`` takes it."""
    topic = conversation.topic
    needed = [field["name"] for field in topic.own_fields if field.get("required")] if topic else []
    is_new = not conversation.pk or conversation.last_seq <= 1  # nothing to reopen yet
    reopened = 0 if is_new else conversation.events.filter(kind=EventKind.REOPENED).count()
    return Facts(
        topic=topic.urgency if topic else "normal",
        chosen=conversation.chosen_urgency,
        signals=tuple(conversation.signals),
        money=money(conversation.fields),
        tier=conversation.tier,
        in_incident=conversation.incident_id is not None,
        reopened=reopened,
        missing=sum(1 for name in needed if not conversation.fields.get(name)),
    )


def money(fields: dict[str, str]) -> Decimal | None:
    """What is at risk, in US dollars; None where no amount is given or the coin's worth is not known."""
    if str(fields.get("coin", "")).upper() not in DOLLARS:
        return None
    try:
        amount = Decimal(str(fields.get("amount", "")))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
