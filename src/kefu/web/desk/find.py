"""The gate to one conversation: what this agent may see, or 404."""

from uuid import UUID

from django.http import Http404

from kefu.conversations.models import Conversation
from kefu.people.models import Agent


def visible(agent: Agent, uid: UUID) -> Conversation:
    """The conversation with everything that its page shows of it."""
    rows = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    found = rows.filter(uid=uid).select_related("customer", "assignee", "team", "topic", "incident", "merged_into").first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]
