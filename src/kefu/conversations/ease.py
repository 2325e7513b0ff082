"""An agent says, and says why, that a conversation may be served later than the facts alone make it."""

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.prioritise import bound, lower_to
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may

LONGEST = 200  # characters of a reason


def ease(conversation: Conversation, level: int, *, reason: str, by: Agent) -> Conversation:
    """Lower the priority to ``level``. It goes up again by itself with new signs of danger, a missed promise or the customer's ladder.

    Raises NotAllowed, ValueError for no level or no reason, Conflict when it is over or as low already, and (``bound``) where danger, a
    missed promise or the customer's own escalation keeps it higher.
    """
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    why = clear(" ".join(reason.split()))[0][:LONGEST]
    if level not in Conversation.Priority.values or not why:
        raise ValueError(level)
    with locked(conversation) as c:
        if c.is_over or c.priority <= level:
            raise Conflict(c.status if c.is_over else str(c.priority))
        if level < bound(c):
            raise Conflict("bound")
        before = c.priority
        append_activity(c, "eased", agent=by, reason=why)
        lower_to(c, level, why=why)
        c.save()
        record(c, EventKind.PRIORITY_CHANGED, before=before, after=int(c.priority), by=by.pk)
    return c
