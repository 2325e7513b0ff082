"""An agent says that a conversation must be served sooner than the facts alone make it."""

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.prioritise import raise_to
from kefu.people.models import Agent
from kefu.people.permissions import may


def hasten(conversation: Conversation, level: int, *, by: Agent) -> Conversation:
    """Raise the priority to at least ``level``. Raises NotAllowed, ValueError for no level, Conflict when it is over or as
    high already."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    if level not in Conversation.Priority.values:
        raise ValueError(level)
    with locked(conversation) as c:
        if c.is_over or c.priority >= level:
            raise Conflict(c.status if c.is_over else str(c.priority))
        before = c.priority
        raise_to(c, level, why="agent")
        c.save()
        record(c, EventKind.PRIORITY_CHANGED, before=before, after=int(c.priority), by=by.pk)
    return c
