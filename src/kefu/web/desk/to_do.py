"""The checklist beside a conversation, and what of it keeps the conversation from being solved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from kefu.conversations.checklist import Item, items_of, may_remove
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.people.permissions import may


def listed(found: Conversation, agent: Agent) -> dict[str, Any]:
    """Its items with the names of those who ticked them, and how many are done."""
    language = get_language() or "en"
    items = items_of(found)
    rows = [
        {
            "key": one.key,
            "label": one.label(language),
            "required": one.required,
            "done_at": one.done_at,
            "by": one.done_by.label(language) if one.done_by else "",
            "removable": may_remove(one, agent),
        }
        for one in items
    ]
    done = sum(1 for one in items if one.done_at)
    return {"checklist": rows, "ticked": done, "may_tick": may(agent, "desk.answer") and found.status != Conversation.Status.CLOSED}


def to_tick(items: Sequence[Item], agent: Agent, uid: UUID) -> dict[str, Any]:
    """What must be ticked before the conversation is solved, for the notice that says so."""
    language = get_language() or "en"
    return {
        "unfinished": [(one.key, one.label(language)) for one in items],
        "may_pass": may(agent, "checklist.pass"),
        "unfinished_uid": uid,
    }
