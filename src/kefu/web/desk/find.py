"""The gate to conversations: what this agent may see, or 404."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.text import numbering

SHOWN = ("customer", "assignee", "team", "topic", "incident", "merged_into")


def visible(agent: Agent, uid: UUID) -> Conversation:
    """The conversation with everything that its page shows of it. Who was only let in is told that this is not for them."""
    found, guest = readable(agent, uid)
    if guest:
        raise PermissionDenied
    return found


def readable(agent: Agent, uid: UUID) -> tuple[Conversation, bool]:
    """The same for what is also open to colleagues who were let in: reading, and notes. Whether the agent is one of those."""
    found, guest = open_to(agent, uid=uid)
    if found is None:
        raise Http404
    return found, guest


def open_to(agent: Agent, **which: Any) -> tuple[Conversation | None, bool]:
    """The conversation that ``which`` names, if the agent may read it, and whether they were only let in."""
    rows = Conversation.objects
    for gate, guest in ((rows.visible_to, False), (rows.let_in, True)):  # type: ignore[attr-defined]
        if found := gate(agent).filter(**which).select_related(*SHOWN).first():
            return found, guest
    return None, False


def read_uid(text: str) -> UUID | None:
    """The uid that an address names in words; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def by_number(agent: Agent, typed: str, *, let_in: bool = False) -> Conversation | None:
    """The conversation whose number somebody typed; None for no number, a wrong digit, or one that the agent may not see.

    ``let_in``: also one into which they were let, for what is open to those.
    """
    number = numbering.read(typed)
    if not number:
        return None
    found, guest = open_to(agent, number=number)
    return None if guest and not let_in else found
