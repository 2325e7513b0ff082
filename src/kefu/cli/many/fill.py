"""Filling the database: batch after batch, each whole or not there, so that a stop anywhere leaves nothing half."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.cli.many.rows import Rows
from kefu.cli.many.talk import moments, talk
from kefu.cli.many.world import make_world
from kefu.conversations.models import Conversation
from kefu.reports.roll import sum_day

BATCH = 5_000
DAYS = 365


@dataclass(frozen=True)
class Progress:
    """``done`` of ``wanted`` conversations after ``seconds``; ``step`` says what is being done now."""

    done: int
    wanted: int
    seconds: float
    step: str = "conversations"


def fill(wanted: int, *, report: Callable[[Progress], None], seed: int = 2026, days: int = DAYS) -> int:
    """Bring the number of conversations up to ``wanted``, spread over the last ``days``, and sum the reports; returns how many were made.

    Safe to run again after a stop: it goes on from what is there. Older ones are made first, so that ids follow time.
    """
    began, there = time.monotonic(), Conversation.objects.count()
    missing = max(0, wanted - there)
    rng, until = Random(seed + there), now()  # noqa: S311 - made-up talk, no secret
    world = make_world(rng)
    done = 0
    arrivals = moments(rng, missing, days=days, until=until)
    for start in range(0, missing, BATCH):
        part = arrivals[start : start + BATCH]
        with transaction.atomic():
            rows = Rows(rng, world, until)
            people = rows.customers(max(1, len(part) // 3))
            for at in part:
                topic = rng.choice(world.topics)
                rows.add(talk(rng, at, topic.slug, until=until), topic, rng.choice(people))
            rows.write()
        done += len(part)
        report(Progress(done, missing, time.monotonic() - began))
    if missing:
        for number, day in enumerate(_days(until, days), 1):
            sum_day(day)
            report(Progress(number, days + 1, time.monotonic() - began, "reports"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # both databases choose their indexes by it
    return done


def _days(until: datetime, days: int) -> Iterator[date]:
    first = until.astimezone(UTC).date() - timedelta(days=days)
    return (first + timedelta(days=n) for n in range(days + 1))
