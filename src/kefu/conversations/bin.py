"""The bin: what nobody need answer is out of every list, and comes back as it was. Nothing is ever deleted from it."""

from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import IS_OPEN, Conversation, EventKind, Message, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent, Customer
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue

Bin, Status = Conversation.Bin, Conversation.Status
MOMENTS = ("waiting_since", "snoozed_until", "solved_at", "closed_at")
AT_ONCE = 200  # conversations of one sender that a block or a release moves before it answers; a job moves the rest
JOB = "conversations.bin.go_on"


def throw_away(conversation: Conversation, why: str, *, by: Agent) -> Conversation:
    """Put a conversation into the bin; ``why``: trash or spam. Raises NotAllowed; Conflict for one that is there."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.bin:
            raise Conflict(c.bin)
        put_in(c, why, by=by)
        c.save()
    audit(str(by), "conversation.binned", f"conversation:{c.number}", why=why)
    return c


def restore(conversation: Conversation, *, by: Agent) -> Conversation:
    """Take a conversation out again, as it was. A sender who is blocked for it is let in again, with all that was held
    back. Raises NotAllowed for a role that may not do that, Conflict for one that is not in the bin."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    customer = conversation.customer
    if conversation.bin == Bin.SPAM and customer.blocked_at:
        _may_block(customer, by)
    with transaction.atomic():
        with locked(conversation) as c:
            if not c.bin:
                raise Conflict(c.status)
            was = c.bin
            take_out(c, by=by)
            c.save()
        if was == Bin.SPAM and customer.blocked_at:
            Customer.objects.filter(pk=customer.pk).update(blocked_at=None)
            _move(customer.pk, by)
        audit(str(by), "conversation.restored", f"conversation:{c.number}", was=was, unblocked=bool(customer.blocked_at))
    customer.blocked_at = None
    return c


def block(conversation: Conversation, *, by: Agent) -> Customer:
    """Whatever this sender writes is held back as spam from now on, and so is what is open of theirs.

    Customers of the exchange are blocked by leaders only: a block must not be a way to be rid of a complaint. Raises
    NotAllowed.
    """
    customer = conversation.customer
    _may_block(customer, by)
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(blocked_at=now())
        with locked(conversation) as c:
            if not c.bin:
                put_in(c, Bin.SPAM, by=by)
                c.save()
        _move(customer.pk, by)
        audit(str(by), "customer.blocked", f"conversation:{conversation.number}")
    customer.refresh_from_db()
    return customer


def go_on(customer_id: int, agent_id: int) -> int:
    """Job: the next conversations of a sender with very many follow the block or the release; returns how many."""
    with transaction.atomic():
        return _move(customer_id, Agent.objects.get(pk=agent_id))


def _move(customer_id: int, by: Agent) -> int:
    """What a blocked sender has open into the bin, or what was held back of one who was let in out of it: some at once, the rest
    by a job. In the caller's transaction."""
    customer = Customer.objects.get(pk=customer_id)
    rows = (
        customer.conversations.filter(IS_OPEN, bin="")
        if customer.blocked_at
        else customer.conversations.filter(bin=Bin.SPAM, binned_at__isnull=False)
    )
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        with locked(pk) as c:
            if customer.blocked_at and not c.bin:
                put_in(c, Bin.SPAM, by=by)
            elif not customer.blocked_at and c.bin == Bin.SPAM:
                take_out(c, by=by)
            c.save()
    if len(found) == AT_ONCE:
        enqueue(JOB, customer_id=customer_id, agent_id=by.pk)
    return len(found)


def hold_back(conversation: Conversation) -> None:
    """What a blocked sender wrote into a ``locked`` conversation, which the caller saves: nobody is called for it."""
    if not conversation.bin:
        told = conversation.channel in {"webchat", "form"}  # by mail we would answer to whoever's address was borrowed
        append_activity(conversation, "not_taken", public=told)
        put_in(conversation, Bin.SPAM, by=None)
    conversation.waiting_since = None


def put_in(c: Conversation, why: str, *, by: Agent | None) -> None:
    """A ``locked`` conversation into the bin; the caller saves it. What it was is kept with the entry of the timeline."""
    before: dict[str, Any] = {"status": str(c.status), **{name: _text(getattr(c, name)) for name in MOMENTS}}
    status, at = c.status, now()
    c.bin, c.binned_at = Bin(why), at
    c.snoozed_until = None
    c.close(at)
    append_activity(c, "binned", agent=by, why=str(why), before=before)
    if status != c.status:
        record(c, EventKind.STATUS_CHANGED, before=status, after=c.status)


def take_out(c: Conversation, *, by: Agent | None) -> None:
    """A ``locked`` conversation out of the bin, as it was; the caller saves it. A live talk goes on as a ticket."""
    entries = c.messages.filter(kind=Message.Kind.ACTIVITY).order_by("-seq")
    found = next((one for one in entries if one.data.get("what") == "binned"), None)
    before: dict[str, Any] = found.data.get("before", {}) if found else {}
    c.bin, c.binned_at = "", None
    c.status = Status(before.get("status") or Status.OPEN)
    for name in MOMENTS:
        text = before.get(name)
        setattr(c, name, parse_datetime(text) if text else None)
    if c.is_over:
        c.solved_at = c.solved_at or now()
    append_activity(c, "unbinned", agent=by)
    record(c, EventKind.STATUS_CHANGED, before=str(Status.CLOSED), after=str(c.status))


def may_block(customer: Customer, by: Agent) -> bool:
    """Whether this agent may block and let in this sender."""
    return may(by, "sender.block") and (not customer.is_verified or may(by, "customer.block"))


def _may_block(customer: Customer, by: Agent) -> None:
    if not may_block(customer, by):
        raise NotAllowed("customer.block")


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
