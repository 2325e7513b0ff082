"""Keeping the clocks of a conversation true: worked out anew from its history whenever something happened."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.dateparse import parse_datetime

from kefu.conversations.matching import condition, is_momentary
from kefu.conversations.models import Conversation, Event, EventKind, Message, lock
from kefu.sla import clocks
from kefu.sla.clocks import Moment, What
from kefu.sla.models import Clock, Policy
from kefu.system.prepared import Fetch, Values, insert_all
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
    EventKind.WATCHED,
)
SPOKEN = (Message.Kind.CUSTOMER, Message.Kind.AGENT)
TOLD = (*STARTS, EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.WATCHED)
AFTER = {
    Status.OPEN: What.WORKING,
    Status.PENDING: What.WAITING,
    Status.ON_HOLD: What.WAITING,
    Status.SOLVED: What.SOLVED,
    Status.CLOSED: What.SOLVED,
}


PK = Conversation._meta.get_field("id")
_policies: Fetch[Policy] = Fetch(lambda: Policy.objects.select_related("calendar"))
_clocks: Fetch[Clock] = Fetch(lambda pk: Clock.objects.filter(conversation=pk), Clock._meta.get_field("conversation"))
_spoken = Values(
    lambda pk: Message.objects.filter(conversation=pk, kind__in=SPOKEN).order_by("seq").values_list("created", "kind"),
    Message._meta.get_field("conversation"),
)
_happened = Values(
    lambda pk: Event.objects.filter(conversation=pk, kind__in=TOLD).order_by("pk").values_list("kind", "created", "data"),
    Event._meta.get_field("conversation"),
)


def on_event(event: Event) -> None:
    """Reaction: something happened that a clock may care about. The assistant's words stop none."""
    if event.kind == EventKind.SAID and event.data.get("by") == "bot":
        return
    work_out(event.conversation_id)


def work_out(conversation: int) -> None:
    """Let the rows be what the history says; what was warned or missed before stays known. Call in a transaction."""
    c = lock(conversation)
    policy = policy_for(c)
    told = {(row.kind, row.started): row for row in _clocks.all(c.pk)}
    wanted = clocks_of(c, policy) if policy else []
    new = []
    for clock in wanted:
        row = told.pop((str(clock.kind), clock.started), None)
        if row:
            _fill(row, clock, policy)  # type: ignore[arg-type]
            row.save()
        else:
            row = Clock(conversation=c, kind=str(clock.kind), started=clock.started)
            _fill(row, clock, policy)  # type: ignore[arg-type]
            new.append(row)
    insert_all(new)
    if told:
        Clock.objects.filter(pk__in=[row.pk for row in told.values()]).delete()


def policy_for(conversation: Conversation) -> Policy | None:
    """The first policy whose conditions hold, asked in one query; None where nothing is promised."""
    policies = _policies.all()
    if not policies:
        return None
    conditions = tuple(policy.conditions for policy in policies)
    first = _first_that_holds(conditions) or Values(lambda pk: _held(conditions, pk), PK)
    found = first.first(conversation.pk)
    return policies[found[0]] if found and found[0] is not None else None


@lru_cache(maxsize=8)
def _first_that_holds(conditions: tuple[str, ...]) -> Values | None:
    """The prepared question which of these hold for a conversation; None where the answer to it depends on the moment or
    on words, which mean something else each time."""
    if any(is_momentary(parse(one)) for one in conditions):
        return None
    return Values(lambda pk: _held(conditions, pk), PK)


def _held(conditions: tuple[str, ...], pk: int) -> "QuerySet[Conversation, Any]":
    holds = [When(condition(parse(one)) & Q(pk__isnull=False), then=Value(n)) for n, one in enumerate(conditions)]
    row = Conversation.objects.filter(pk=pk).order_by()
    return row.values_list(Case(*holds, default=None, output_field=IntegerField()))


def clocks_of(conversation: Conversation, policy: Policy) -> list[clocks.Clock]:
    """The clocks that the history and a policy make."""
    targets = {kind: target for kind in clocks.Kind if (target := policy.target(kind))}
    return clocks.follow(history(conversation), policy.calendar.hours, targets)


def history(conversation: Conversation) -> list[Moment]:
    """What happened, from the messages and events; empty for a talk that only the bot had."""
    found, said, happened = [], _Forward(), _Forward()
    found += [Moment(said.on(at), What(kind)) for at, kind in _spoken.all(conversation.pk)]
    asked = conversation.created if conversation.channel != "webchat" else None
    for kind, moment, data in _happened.all(conversation.pk):
        created = happened.on(moment)
        if kind in STARTS:
            asked = min(filter(None, [asked, created]))
        elif kind == EventKind.REOPENED:
            found.append(Moment(created, What.REOPENED))
        elif kind == EventKind.WATCHED:
            if data.get("by") == "customer" and data.get("sleeps"):
                found.append(Moment(created, What.ASLEEP))
        elif what := AFTER.get(data.get("after")):
            found.append(Moment(created, what))
    return [Moment(asked, What.ASKED), *found] if asked else []


class _Forward:
    """Moments in the order in which they happened: where the clock was set back between two of them, the second one follows the
    first. Else an answer would stand before its question, and the promise would run on."""

    def __init__(self) -> None:
        self.last: datetime | None = None

    def on(self, at: datetime) -> datetime:
        self.last = self.last + timedelta(microseconds=1) if self.last and at < self.last else at
        return self.last


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
