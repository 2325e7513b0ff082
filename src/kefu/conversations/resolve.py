"""The end of a conversation, and its second chance."""

from django.utils.timezone import now

from kefu.conversations.checklist import must_be_done, passed
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.prioritise import prioritise
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may

Status = Conversation.Status


def solve(conversation: Conversation, *, by: Agent | None = None, past: str = "") -> Conversation:
    """Mark the problem as solved, by an agent or (without ``by``) by the customer.

    It reopens when the customer writes again. ``past``: why a leader passes an unfinished checklist; a customer is never held
    up by what we still have to do. Raises NotAllowed, Conflict when it is over already, Unfinished.
    """
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.is_over:
            raise Conflict(c.status)
        missing = must_be_done(c, by=by, past=past) if by else []
        before = c.status
        c.solve(now())
        append_activity(c, "solved", public=True, agent=by, by="agent" if by else "customer")
        if by and missing:
            passed(c, missing, by=by, past=past)
        c.save()
        record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
    return c


def reopen(conversation: Conversation, *, by: Agent | None = None) -> Conversation:
    """Give a solved conversation its second chance. Raises NotAllowed; Conflict when it is not solved."""
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.status != Status.SOLVED:
            raise Conflict(c.status)
        c.reopen(now())
        append_activity(c, "reopened", public=True, agent=by, by="agent" if by else "customer")
        c.save()
        record(c, EventKind.REOPENED)
        prioritise(c)
        c.save()
    return c


def close(conversation: Conversation, *, by_customer: bool = True) -> Conversation:
    """End a conversation for good, by its customer, or when nobody came back. Raises Conflict when it is closed.

    What is written afterwards begins a new conversation that names this one.
    """
    with locked(conversation) as c:
        if c.status == Status.CLOSED:
            raise Conflict(c.status)
        before = c.status
        c.close(now())
        append_activity(c, "closed", public=True, by="customer" if by_customer else "system")
        c.save()
        record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
        record(c, EventKind.CLOSED, by="customer" if by_customer else "system")
    return c


def move_to(conversation: Conversation, status: str, *, by: Agent) -> Conversation:
    """An agent says whose turn it is: open, pending or on hold. Raises NotAllowed, Conflict when it is over."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    if status not in {Status.OPEN, Status.PENDING, Status.ON_HOLD}:
        raise ValueError(status)
    with locked(conversation) as c:
        if c.is_over:
            raise Conflict(c.status)
        before, c.status = c.status, Status(status)
        append_activity(c, "status", agent=by, before=before, after=c.status)
        c.save()
        record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
    return c
