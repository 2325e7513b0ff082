"""How long it will take: from the service times of the last hours, said only when there is ground for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.routing import match, present

WINDOW = timedelta(hours=4)
FEWEST = 3
FIRST_GUESS = 240.0  # seconds a talk holds a place, until FEWEST talks tell it better
TOO_LONG = 15 * 60


@dataclass(frozen=True)
class Wait:
    """``position`` counts from 1; ``seconds`` is None when nobody is there who could serve; ``measured`` says
    whether ``seconds`` comes from real talks or from a first guess."""

    position: int
    seconds: int | None
    measured: bool
    people: int

    @property
    def better_leave_a_message(self) -> bool:
        return self.seconds is None or self.seconds > TOO_LONG


def service_seconds() -> tuple[float, bool]:
    """How long a live talk holds one place of an agent's capacity (median of the last hours), and if it is measured."""
    rows = Conversation.objects.filter(taken_at__gte=now() - WINDOW, solved_at__isnull=False).values_list("taken_at", "solved_at")[:200]
    times = [(solved - taken).total_seconds() for taken, solved in rows if taken and solved and solved > taken]
    return (median(times), True) if len(times) >= FEWEST else (FIRST_GUESS, False)


def expected(position: int, servers: Sequence[match.Server], each: float) -> int | None:
    """Seconds until the one at ``position`` is served, when ``servers`` work the queue off and a talk lasts ``each``.

    With c places in all, f of them free, place p is served at once when p ≤ f, else after about (p − f) / c talks.
    """
    places = sum(server.capacity for server in servers)
    if not places:
        return None
    free = sum(max(0, server.capacity - server.load) for server in servers)
    return 0 if position <= free else math.ceil((position - free) / places * each)


def waits() -> dict[int, Wait]:
    """Position and expected wait of everybody in the queue, by conversation id.

    The position counts only those ahead whom the same people serve: whoever waits for others holds nobody up.
    """
    servers = present.servers()
    each, measured = service_seconds()
    found: dict[int, Wait] = {}
    ahead: list[frozenset[int]] = []
    by_pk = {server.pk: server for server in servers}
    for waiting in present.queue():
        able = frozenset(server.pk for server in match.candidates(waiting, servers))
        position = 1 + sum(1 for other in ahead if not able or not other or able & other)
        ahead.append(able)
        seconds = expected(position, [by_pk[pk] for pk in able], each)
        found[waiting.pk] = Wait(position, seconds, measured, len(able))
    return found


def wait_of(conversation: Conversation) -> Wait | None:
    """The wait of one queued conversation; None when it does not wait."""
    return waits().get(conversation.pk)


def wait_now(topic_lineage: frozenset[int], language: str, team: int | None) -> Wait:
    """What somebody who asked for a person now would get."""
    servers = present.servers()
    each, measured = service_seconds()
    waiting = match.Waiting(0, topic_lineage, language, team)
    able = match.candidates(waiting, servers)
    mine = {server.pk for server in able}
    line = present.queue() if mine else []  # nobody who could serve: nobody is ahead
    ahead = sum(1 for other in line if mine & {server.pk for server in match.candidates(other, servers)})
    return Wait(ahead + 1, expected(ahead + 1, able, each), measured, len(able))
