"""Keeping the clocks of a conversation true: worked out anew from its history whenever something happened."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from kefu.conversations.matching import condition
from kefu.conversations.models import Conversation, Event, EventKind, Message, locked
from kefu.sla import clocks
from kefu.sla.clocks import Moment, What
from kefu.sla.models import Clock, Policy
from kefu.text.conditions import parse

Status = Conversation.Status
STARTS = (EventKind.QUEUED, EventKind.MESSAGE_LEFT)
FOLLOWED = (
    EventKind.STARTED,
    EventKind.RECEIVED,
    EventKind.SAID,
    EventKind.QUEUED,
    EventKind.MESSAGE_LEFT,
    EventKind.STATUS_CHANGED,
    EventKind.REOPENED,
    EventKind.ESCALATED,
    EventKind.TOPIC_CHANGED,
    EventKind.PRIORITY_CHANGED,
    EventKind.SLA_BREACHED,
    EventKind.MERGED,
)
AFTER = {
    Status.OPEN: What.WORKING,
    Status.PENDING: What.WAITING,
    Status.ON_HOLD: What.WAITING,
    Status.SOLVED: What.SOLVED,
    Status.CLOSED: What.SOLVED,
}


def on_event(event: Event) -> None:
    """Reaction: something happened that a clock may care about."""
    work_out(event.conversation_id)


def work_out(conversation: int) -> None:
    """Let the rows be what the history says; what was warned or missed before stays known."""
    with transaction.atomic(), locked(conversation) as c:
        policy = policy_for(c)
        told = {(row.kind, row.started): row for row in c.clocks.all()}  # type: ignore[attr-defined]
        wanted = clocks_of(c, policy) if policy else []
        for clock in wanted:
            row = told.pop((str(clock.kind), clock.started), None) or Clock(conversation=c, kind=str(clock.kind), started=clock.started)
            _fill(row, clock, policy)  # type: ignore[arg-type]
            row.save()
        Clock.objects.filter(pk__in=[row.pk for row in told.values()]).delete()


def policy_for(conversation: Conversation) -> Policy | None:
    """The first policy whose conditions hold; None where nothing is promised."""
    for policy in Policy.objects.select_related("calendar"):
        if Conversation.objects.filter(condition(parse(policy.conditions)), pk=conversation.pk).exists():
            return policy
    return None


def clocks_of(conversation: Conversation, policy: Policy) -> list[clocks.Clock]:
    """The clocks that the history and a policy make."""
    targets = {kind: target for kind in clocks.Kind if (target := policy.target(kind))}
    return clocks.follow(history(conversation), policy.calendar.hours, targets)


def history(conversation: Conversation) -> list[Moment]:
    """What happened, from the messages and events; empty for a talk that only the bot had."""
    spoken = conversation.messages.filter(kind__in=[Message.Kind.CUSTOMER, Message.Kind.AGENT])
    found = [Moment(at, What(kind)) for at, kind in spoken.values_list("created", "kind")]
    kinds = [*STARTS, EventKind.STATUS_CHANGED, EventKind.REOPENED]
    asked = conversation.created if conversation.channel != "webchat" else None
    for event in conversation.events.filter(kind__in=kinds).order_by("pk"):
        if event.kind in STARTS:
            asked = min(filter(None, [asked, event.created]))
        elif event.kind == EventKind.REOPENED:
            found.append(Moment(event.created, What.REOPENED))
        elif what := AFTER.get(event.data.get("after")):
            found.append(Moment(event.created, what))
    return [Moment(asked, What.ASKED), *found] if asked else []


def as_clock(row: Clock) -> clocks.Clock:
    """A row in the words of ``clocks``."""
    pauses = tuple((_moment(begin), _moment(stop) if stop else None) for begin, stop in row.pauses)
    target = row.policy.target(row.kind) or timedelta()
    return clocks.Clock(clocks.Kind(row.kind), row.started, target, pauses, row.met_at, row.due_at)


def _fill(row: Clock, clock: clocks.Clock, policy: Policy) -> None:
    row.policy = policy
    row.pauses = [[begin.isoformat(), stop.isoformat() if stop else None] for begin, stop in clock.pauses]
    row.met_at, row.due_at = clock.met_at, clock.due_at
    row.warn_at = clocks.due_after(clock, policy.calendar.hours, policy.warn_at)
    if row.met_at and row.due_at:
        row.breached_at = row.due_at if row.met_at > row.due_at else None
    elif row.breached_at and row.due_at and row.due_at > row.breached_at:
        row.breached_at = None  # more time was given since
    if row.warned_at and row.warn_at and row.warn_at > row.warned_at:
        row.warned_at = None


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment
