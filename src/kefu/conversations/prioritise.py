"""How soon a conversation must be served: gathered from what is known, weighed by ``text.priority``, kept with reasons."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from kefu.conversations.models import Conversation, EventKind
from kefu.conversations.timeline import append_activity
from kefu.text.priority import Facts, weigh
from kefu.text.triage import NAMES, signals

# Coins that are worth a US dollar by design; the worth of others is not known here.
DOLLARS = {"USDT", "USDC", "DAI", "FDUSD", "TUSD", "PYUSD", "USD"}


def listen_for_signals(conversation: Conversation, text: str) -> bool:
    """Remember what the words of a customer signal; whether there was something new. The caller saves."""
    heard = signals(text)
    new = [name for name in NAMES if getattr(heard, name) and name not in conversation.signals]
    conversation.signals = [*conversation.signals, *new]
    return bool(new)


def prioritise(conversation: Conversation) -> bool:
    """Weigh a ``locked`` conversation anew; whether its level changed. The caller saves it.

    The first weighing is silent; later changes are activities that say why. A level that somebody raised for another
    cause (``raised``) stays at least that.
    """
    before, was_weighed = conversation.priority, bool(conversation.priority_reasons)
    verdict = weigh(facts(conversation))
    conversation.priority = max(verdict.level, conversation.raised)
    conversation.priority_reasons = [asdict(reason) for reason in verdict.reasons]
    if conversation.raised > verdict.level:
        conversation.priority_reasons.insert(0, {"code": "raised", "points": 0, "value": conversation.raised_why})
    if was_weighed and conversation.priority != before:
        append_activity(conversation, "priority", before=before, after=int(conversation.priority))
    return conversation.priority != before


def raise_to(conversation: Conversation, level: int, *, why: str) -> None:
    """Serve a ``locked`` conversation at least so soon; ``why`` is a code such as ``sla_breached``. The caller saves."""
    conversation.raised = max(conversation.raised, min(level, Conversation.Priority.URGENT))
    conversation.raised_why = why
    prioritise(conversation)


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
