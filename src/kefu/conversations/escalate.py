"""The customer's ladder: another agent, a specialist, a supervisor, the complaints officer, each with a clock of its own."""

from datetime import timedelta

from django.utils.timezone import now

from kefu.conversations.errors import Conflict
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.prioritise import raise_to
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent

HIGHEST = 4
# How long each rung may take to answer; told to the customer when it is climbed.
CLOCKS = {2: timedelta(hours=4), 3: timedelta(hours=24), 4: timedelta(days=5)}
LONGEST_REASON = 1000


def escalate(conversation: Conversation, *, reason: str, by: Agent | None = None) -> Conversation:
    """One rung up, at the wish of the customer or (``by``) of an agent: somebody else looks at it, and sooner.

    The place on the ladder, the reason and the clock stay with the conversation. Raises Conflict (``top``) on the
    highest rung, and (``closed``) for a closed conversation.
    """
    said = clear(" ".join(reason.split()))[0][:LONGEST_REASON]
    with locked(conversation) as c:
        if c.status == Conversation.Status.CLOSED:
            raise Conflict(c.status)
        if c.level >= HIGHEST:
            raise Conflict("top")
        at = now()
        c.level += 1
        c.level_due_at = at + CLOCKS[c.level]
        before = c.assignee_id
        append_activity(c, "escalated", public=True, agent=by, level=c.level, reason=said)
        _hand_on(c)
        raise_to(c, c.priority + 1, why="escalated")
        c.save()
        if before:
            record(c, EventKind.UNASSIGNED, why="escalated", was=before)
        record(c, EventKind.ESCALATED, level=c.level, was=before, by="agent" if by else "customer")
    return c


def _hand_on(c: Conversation) -> None:
    """Away from whoever has it; back to life if it was solved. A live talk joins the queue with its old place."""
    at = now()
    c.assignee = None
    if c.status == Conversation.Status.SOLVED:
        c.reopen(at)
    if c.stage == Conversation.Stage.LIVE:
        c.enter_queue(at)
        record(c, EventKind.QUEUED)
    else:
        c.status, c.waiting_since = Conversation.Status.OPEN, c.waiting_since or at
