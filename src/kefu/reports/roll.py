"""Keeping the sums right: a change marks its days, a job sums marked days anew from the rows themselves.

Nothing is added up step by step, so late changes, merges and repeated events cannot make a sum drift.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.models import Conversation, Event, EventKind
from kefu.reports.models import Figure, StaleDay
from kefu.surveys.models import Rating

COUNTED = (EventKind.STARTED, EventKind.SAID, EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.TOPIC_CHANGED, EventKind.ASSIGNED,
           EventKind.UNASSIGNED, EventKind.QUEUED, EventKind.RATED, EventKind.CLOSED, EventKind.MERGED)  # fmt: skip
QUIET = timedelta(hours=72)  # nobody came back for so long: the bot's answer was enough
SATISFIED = 4
AT_ONCE = 31
Key = tuple[str, str, int, int, int]
NAMES = ("opened", "replied", "reply_seconds", "solved", "solve_seconds", "reopened", "rated", "rating_sum", "satisfied",
         "bot_talks", "bot_solved")  # fmt: skip


def mark(event: Event) -> None:
    """Reaction: the days on which something of this conversation counts are out of date."""
    conversation = event.conversation
    moments = {conversation.created, conversation.first_replied_at, conversation.solved_at, event.created}
    kinds = (EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.RATED)
    moments |= set(Event.objects.filter(conversation=conversation, kind__in=kinds).values_list("created", flat=True))
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
    for c in rows.filter(created__range=span).iterator(2000):
        found = sums[_key(c)]
        found["opened"] += 1
        if c.channel == "webchat":
            found["bot_talks"] += 1
            by_bot = c.queued_at is None and c.assignee_id is None and c.first_replied_at is None
            found["bot_solved"] += int(by_bot and (c.is_over or c.last_message_at < quiet))
    for c in rows.filter(first_replied_at__range=span).iterator(2000):
        found = sums[_key(c)]
        found["replied"] += 1
        found["reply_seconds"] += _seconds(c.queued_at or c.created, c.first_replied_at)
    for c in rows.filter(solved_at__range=span).iterator(2000):
        found = sums[_key(c)]
        found["solved"] += 1
        found["solve_seconds"] += _seconds(c.created, c.solved_at)
    again = Event.objects.filter(kind=EventKind.REOPENED, created__range=span, conversation__merged_into__isnull=True)
    for event in again.select_related("conversation").iterator(2000):
        sums[_key(event.conversation)]["reopened"] += 1
    ratings = Rating.objects.filter(created__range=span, conversation__merged_into__isnull=True)
    for rating in ratings.select_related("conversation").iterator(2000):
        found = sums[_key(rating.conversation)]
        found["rated"] += 1
        found["rating_sum"] += rating.score
        found["satisfied"] += int(rating.score >= SATISFIED)
    return dict(sums)


def _key(c: Conversation) -> Key:
    return (c.channel, c.language, c.topic_id or 0, c.team_id or 0, c.assignee_id or 0)


def _seconds(start: datetime, end: Any) -> int:
    return max(0, int((end - start).total_seconds()))
