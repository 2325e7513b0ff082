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
from kefu.reports.models import Figure, Hour, StaleDay
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
Span = tuple[datetime, datetime]
NAMES = ("opened", "replied", "reply_seconds", "solved", "solve_seconds", "reopened", "rated", "rating_sum", "satisfied", "kept", "missed",
         "bot_talks", "bot_solved", "bot_confirmed", "within_5m", "within_1h", "within_24h")  # fmt: skip
WITHIN = {"within_5m": 300, "within_1h": 3600, "within_24h": 86_400}  # seconds


def mark(events: Sequence[int]) -> None:
    """Reaction to many events at once: the days on which something of their conversations counts are out of date."""
    found = list(Event.objects.filter(pk__in=events).values_list("conversation_id", "created"))
    conversations = {conversation for conversation, _created in found}
    moments = {created for _conversation, created in found}
    rows = Conversation.objects.filter(pk__in=conversations).values_list("created", "first_replied_at", "solved_at")
    moments |= {moment for row in rows for moment in row if moment}
    kinds = (EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.RATED, EventKind.RECEIVED)  # what clocks begin with, too
    moments |= set(Event.objects.filter(conversation__in=conversations, kind__in=kinds).values_list("created", flat=True))
    moments |= set(Clock.objects.filter(conversation__in=conversations).values_list("started", flat=True))
    days = {moment.astimezone(UTC).date() for moment in moments}
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
        found = tally_of(day)
        Figure.objects.filter(day=day).delete()
        Figure.objects.bulk_create(
            Figure(day=day, channel=k[0], language=k[1], topic=k[2], team=k[3], agent=k[4], **sums) for k, sums in found.figures.items()
        )
        Hour.objects.filter(day=day).delete()
        Hour.objects.bulk_create(Hour(day=day, hour=hour, channel=channel, **sums) for (hour, channel), sums in found.hours.items())


class Tally:
    """The sums of one day: by combination of dimensions (channel, language, topic, team, agent), and by hour and channel."""

    def __init__(self) -> None:
        self.figures: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NAMES, 0))
        self.hours: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(NAMES, 0))

    def add(self, key: Key, at: datetime, **counted: int) -> None:
        """Something happened at this moment; both tables count it, so that they cannot disagree."""
        for sums in (self.figures[key], self.hours[at.astimezone(UTC).hour, key[0]]):
            for name, number in counted.items():
                sums[name] += number


def figures_of(day: date) -> dict[Key, dict[str, int]]:
    """By combination of dimensions: the sums of ``Figure``."""
    return dict(tally_of(day).figures)


def tally_of(day: date) -> Tally:
    """Everything of one day (UTC), counted from the rows in one walk."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    span = (start, start + timedelta(days=1) - timedelta(microseconds=1))
    found = Tally()
    _conversations(found, span)
    _aftermath(found, span)
    return found


def _conversations(found: Tally, span: Span) -> None:
    """What stands in the conversations themselves: begun, answered, solved."""
    rows, quiet = Conversation.objects.filter(merged_into__isnull=True, bin=""), now() - QUIET
    opened = ("created", "queued_at", "assignee_id", "first_replied_at", "status", "last_message_at")
    for *key, at, queued, assignee, replied, status, last in (
        rows.filter(created__range=span).values_list(*DIMENSIONS, *opened).iterator(5000)
    ):
        bot: dict[str, int] = {}
        if key[0] == "webchat":
            by_bot = queued is None and assignee is None and replied is None
            solved_by_bot = by_bot and (status in OVER or last < quiet)
            bot = {"bot_talks": 1, "bot_solved": int(solved_by_bot), "bot_confirmed": int(by_bot and status in OVER)}
        found.add(_key(key), at, opened=1, **bot)
    replies = rows.filter(first_replied_at__range=span).values_list(*DIMENSIONS, "queued_at", "created", "first_replied_at")
    for *key, queued, created, at in replies.iterator(5000):
        took = _seconds(queued or created, at)
        found.add(_key(key), at, replied=1, reply_seconds=took, **{name: int(took <= most) for name, most in WITHIN.items()})
    for *key, created, at in rows.filter(solved_at__range=span).values_list(*DIMENSIONS, "created", "solved_at").iterator(5000):
        found.add(_key(key), at, solved=1, solve_seconds=_seconds(created, at))


def _aftermath(found: Tally, span: Span) -> None:
    """What stands in rows beside them: opened again, rated, promised."""
    for key, (at,) in _with_keys(Event.objects.filter(kind=EventKind.REOPENED, created__range=span).values_list("conversation", "created")):
        found.add(key, at, reopened=1)
    ratings = Rating.objects.filter(created__range=span).values_list("conversation", "score", "created")
    for key, (score, at) in _with_keys(ratings):
        found.add(key, at, rated=1, rating_sum=score, satisfied=int(score >= SATISFIED))
    promises = Clock.objects.filter(started__range=span).values_list("conversation", "met_at", "breached_at", "started")
    for key, (met, breached, at) in _with_keys(promises):
        found.add(key, at, missed=int(breached is not None), kept=int(met is not None and breached is None))


def _with_keys(rows: "QuerySet[Any, Any]") -> Iterator[tuple[Key, Sequence[Any]]]:
    """Rows that begin with a conversation's id, by its dimensions instead; those of merged ones are left out.

    Asked in two steps, for a join would let the database begin with all conversations there are.
    """
    for part in _batches(rows):
        ids = {row[0] for row in part}
        known = Conversation.objects.filter(pk__in=ids, merged_into__isnull=True, bin="").values_list("pk", *DIMENSIONS)
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
