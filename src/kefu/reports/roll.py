"""Keeping the sums right: a change marks its days, a job sums marked days anew from the rows themselves.

Nothing is added up step by step, so late changes, merges and repeated events cannot make a sum drift.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from kefu.conversations.models import Conversation, Event, EventKind
from kefu.reports.models import Figure, StaleDay
from kefu.sla.models import Clock
from kefu.surveys.models import Rating

COUNTED = (EventKind.STARTED, EventKind.SAID, EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.TOPIC_CHANGED, EventKind.ASSIGNED,
           EventKind.UNASSIGNED, EventKind.QUEUED, EventKind.RATED, EventKind.CLOSED, EventKind.MERGED, EventKind.SLA_BREACHED)  # fmt: skip
QUIET = timedelta(hours=72)  # nobody came back for so long: the bot's answer was enough
SATISFIED = 4
AT_ONCE = 31
BATCH = 500
OVER = (Conversation.Status.SOLVED, Conversation.Status.CLOSED)
DIMENSIONS = ("channel", "language", "topic_id", "team_id", "assignee_id")
Key = tuple[str, str, int, int, int]
NAMES = ("opened", "replied", "reply_seconds", "solved", "solve_seconds", "reopened", "rated", "rating_sum", "satisfied", "kept", "missed",
         "bot_talks", "bot_solved")  # fmt: skip


def mark(event: Event) -> None:
    """Reaction: the days on which something of this conversation counts are out of date."""
    conversation = event.conversation
    moments = {conversation.created, conversation.first_replied_at, conversation.solved_at, event.created}
    kinds = (EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.RATED, EventKind.RECEIVED)  # what clocks begin with, too
    moments |= set(Event.objects.filter(conversation=conversation, kind__in=kinds).values_list("created", flat=True))
    moments |= set(Clock.objects.filter(conversation=conversation).values_list("started", flat=True))
    days = {moment.astimezone(UTC).date() for moment in moments if moment}
    StaleDay.objects.bulk_create([StaleDay(day=day) for day in sorted(days)], ignore_conflicts=True)


def sum_stale() -> int:
    """Periodic job: sum marked days anew, and those whose bot talks may have become quiet; returns how many."""
    quiet = (now() - QUIET).astimezone(UTC).date()
    days = list(StaleDay.objects.order_by("day").values_list("day", flat=True)[:AT_ONCE])
    for day in dict.fromkeys([*days, quiet]):
        sum_day(day)
    return len(days)


def sum_day(day: date) -> None:
    """The sums of one day, from the rows; replaces what was there."""
    with transaction.atomic():
        StaleDay.objects.filter(day=day).delete()  # first: what changes meanwhile marks it again
        sums = figures_of(day)
        Figure.objects.filter(day=day).delete()
        Figure.objects.bulk_create(
            Figure(day=day, channel=k[0], language=k[1], topic=k[2], team=k[3], agent=k[4], **values) for k, values in sums.items()
        )


def figures_of(day: date) -> dict[Key, dict[str, int]]:
    """By combination of dimensions (channel, language, topic, team, agent): the sums of ``Figure``."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    span = (start, start + timedelta(days=1) - timedelta(microseconds=1))
    sums: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NAMES, 0))
    rows = Conversation.objects.filter(merged_into__isnull=True)
    quiet = now() - QUIET
    opened = ("queued_at", "assignee_id", "first_replied_at", "status", "last_message_at")
    for *key, queued, assignee, replied, status, last in rows.filter(created__range=span).values_list(*DIMENSIONS, *opened).iterator(5000):
        found = sums[_key(key)]
        found["opened"] += 1
        if key[0] == "webchat":
            found["bot_talks"] += 1
            by_bot = queued is None and assignee is None and replied is None
            found["bot_solved"] += int(by_bot and (status in OVER or last < quiet))
    replies = rows.filter(first_replied_at__range=span).values_list(*DIMENSIONS, "queued_at", "created", "first_replied_at")
    for *key, queued, created, replied in replies.iterator(5000):
        found = sums[_key(key)]
        found["replied"] += 1
        found["reply_seconds"] += _seconds(queued or created, replied)
    for *key, created, solved in rows.filter(solved_at__range=span).values_list(*DIMENSIONS, "created", "solved_at").iterator(5000):
        found = sums[_key(key)]
        found["solved"] += 1
        found["solve_seconds"] += _seconds(created, solved)
    again = Event.objects.filter(kind=EventKind.REOPENED, created__range=span).values_list("conversation")
    for key, _row in _with_keys(again):
        sums[key]["reopened"] += 1
    for key, (score,) in _with_keys(Rating.objects.filter(created__range=span).values_list("conversation", "score")):
        found = sums[key]
        found["rated"] += 1
        found["rating_sum"] += score
        found["satisfied"] += int(score >= SATISFIED)
    for key, (met, breached) in _with_keys(Clock.objects.filter(started__range=span).values_list("conversation", "met_at", "breached_at")):
        sums[key]["missed"] += int(breached is not None)
        sums[key]["kept"] += int(met is not None and breached is None)
    return dict(sums)


def _with_keys(rows: "QuerySet[Any, Any]") -> Iterator[tuple[Key, Sequence[Any]]]:
    """Rows that begin with a conversation's id, by its dimensions instead; those of merged ones are left out.

    Asked in two steps, for a join would let the database begin with all conversations there are.
    """
    for part in _batches(rows):
        ids = {row[0] for row in part}
        known = Conversation.objects.filter(pk__in=ids, merged_into__isnull=True).values_list("pk", *DIMENSIONS)
        keys = {pk: _key(values) for pk, *values in known}
        yield from ((keys[pk], rest) for pk, *rest in part if pk in keys)


def _batches(rows: "QuerySet[Any, Any]") -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows.iterator(BATCH):
        part.append(row)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _key(values: Sequence[Any]) -> Key:
    channel, language, topic, team, agent = values
    return (channel, language, topic or 0, team or 0, agent or 0)


def _seconds(start: datetime, end: Any) -> int:
    return max(0, int((end - start).total_seconds()))
