"""The gate to conversations: what this agent may see, or 404."""

from uuid import UUID

from django.http import Http404

from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.text import numbering


def visible(agent: Agent, uid: UUID) -> Conversation:
    """The conversation with everything that its page shows of it."""
    rows = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    found = rows.filter(uid=uid).select_related("customer", "assignee", "team", "topic", "incident", "merged_into").first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def by_number(agent: Agent, typed: str) -> Conversation | None:
    """The conversation whose number somebody typed; None for no number, a wrong digit, or one that the agent may not see."""
    number = numbering.read(typed)
    return Conversation.objects.visible_to(agent).filter(number=number).first() if number else None  # type: ignore[attr-defined,no-any-return]
