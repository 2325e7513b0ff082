"""Macros: a prepared reply with the conversation's own facts, in the customer's language."""

import re

from django.db.models import F, Q, QuerySet

from kefu.automation.actions import act_on
from kefu.automation.models import Macro
from kefu.conversations.models import Conversation, Event, Message
from kefu.people.models import Agent

NAMES = {"name", "number", "agent", "badge", "topic"}
VARIABLE = re.compile(r"\{(\w+(?:\.\w+)?)\}")


def macros_of(agent: Agent, query: str = "") -> "QuerySet[Macro]":
    """Everybody's macros and the agent's own, most used first."""
    rows = Macro.objects.filter(Q(owner=None) | Q(owner=agent))
    return rows.filter(name__icontains=query) if query else rows


def fill(macro: Macro, conversation: Conversation, *, agent: Agent) -> str:
    """The text in the customer's language (English, then any, where it has none) with its variables filled.

    ``{name}``, ``{number}``, ``{agent}``, ``{badge}``, ``{topic}`` and ``{field.txid}``; an unknown or empty one stays
    as it is written, so that nobody sends a hole without seeing it.
    """
    language = conversation.language
    text = macro.texts.get(language) or macro.texts.get("en") or next((t for t in macro.texts.values() if t), "")
    values = {
        "name": conversation.customer.name,
        "number": conversation.number or "",
        "agent": agent.label(language),
        "badge": agent.badge,
        "topic": conversation.topic.label(language) if conversation.topic else "",
        **{f"field.{name}": str(value) for name, value in conversation.fields.items()},
    }
    return VARIABLE.sub(lambda match: values.get(match[1]) or match[0], text)


def unfilled(text: str) -> list[str]:
    """The variables that still stand in a text: nobody sends a hole to a customer unasked."""
    found = [match[0] for match in VARIABLE.finditer(text) if match[1] in NAMES or match[1].startswith("field.")]
    return list(dict.fromkeys(found))


def after_sent(event: Event) -> None:
    """Reaction: an answer that came from a macro went out, and was not taken back; its actions follow."""
    message = Message.objects.select_related("agent").filter(pk=event.data["message"]).first()
    if message is None or message.agent is None:
        return
    if macro := macros_of(message.agent).filter(pk=event.data["macro"]).first():
        sent(macro, event.conversation, agent=message.agent)


def sent(macro: Macro, conversation: Conversation, *, agent: Agent) -> None:
    """The reply of a macro went out: its actions follow, and it counts as used."""
    if macro.actions:
        act_on(conversation, macro.actions, by=agent, name=macro.name)
    Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1)
