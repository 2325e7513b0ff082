"""A topic, a coin or a network that suddenly many write about: seen within minutes, against the same quarter of an hour of
the last four weeks."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from math import sqrt
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.incidents.models import Incident, Spike
from kefu.system import live
from kefu.text.coins import coins_in
from kefu.topics.recognise import networks_in

WINDOW = timedelta(minutes=15)
DAYS = 28
FEWEST = 8  # conversations in a window: fewer are chance
SIGMAS = 4


def look() -> int:
    """Periodic job: note what begins, goes on and ends; returns how many spikes are going on."""
    at = now()
    before = [at - timedelta(days=day) for day in range(1, DAYS + 1)]
    named = _named([at])
    counts: Counter[int | str] = Counter()
    counts.update(_topics([at]))
    counts.update(named)
    # What was named on other days is read only when something is named often now.
    usual: Counter[int | str] = Counter()
    usual.update(_topics(before))
    if any(count >= FEWEST for count in named.values()):
        usual.update(_named(before))
    known: dict[int | str | None, Spike] = {spike.about or spike.topic_id: spike for spike in Spike.objects.filter(ended=None)}
    for what, count in counts.items():
        mean = usual[what] / DAYS
        if not is_spike(count, mean):
            continue
        if spike := known.pop(what, None):
            spike.count, spike.usual, spike.seen = max(spike.count, count), mean, at
            spike.save(update_fields=["count", "usual", "seen"])
        elif not _is_known(what):
            about: dict[str, Any] = {"about": what} if isinstance(what, str) else {"topic_id": what}
            Spike.objects.create(**about, count=count, usual=mean, created=at, seen=at)
            live.whisper("desk", "inbox", {"kind": "spike"})
    over = [spike.pk for spike in known.values() if spike.seen < at - WINDOW]
    Spike.objects.filter(pk__in=over).update(ended=at)
    return Spike.objects.filter(ended=None).count()


def _is_known(what: int | str) -> bool:
    """Whether an open incident is about it: its topic, or one of the phrases by which it is known."""
    rows = Incident.objects.exclude(state=Incident.State.SOLVED)
    if isinstance(what, int):
        return rows.filter(topic=what).exists()
    return any(_names(one.words) & {what} or what.casefold() in one.words.casefold() for one in rows)


def is_spike(count: int, mean: float) -> bool:
    """Whether a window holds so many more than usual that chance does not explain it.

    Arrivals are taken as Poisson: their deviation is the square root of the mean; one is added to it, because four weeks
    without any say little.
    """
    return count >= FEWEST and count > mean + SIGMAS * sqrt(mean + 1)


def unseen() -> "QuerySet[Spike]":
    """The rows of spikes that go on and that nobody has looked at yet."""
    return Spike.objects.filter(ended=None, dismissed=False)


def going_on() -> list[Spike]:
    """Spikes that nobody has looked at yet, the largest first."""
    return list(unseen().select_related("topic").order_by("-count"))


def _topics(ends: Sequence[datetime]) -> Counter[int]:
    """By topic: how many conversations began in the windows that end at these moments."""
    return Counter(dict(_begun(ends).filter(topic__isnull=False).values_list("topic").annotate(n=Count("pk"))))


def _named(ends: Sequence[datetime]) -> Counter[str]:
    """By coin and by network: how many conversations began with its name."""
    rows = _begun(ends).values_list("subject", "fields").iterator()
    found: Counter[str] = Counter()
    for subject, fields in rows:
        found.update(_names(f"{subject} {fields.get('coin', '')} {fields.get('network', '')}"))
    return found


@lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    return frozenset([*coins_in(text), *networks_in(text)])


def _begun(ends: Sequence[datetime]) -> "QuerySet[Conversation]":
    """Conversations of customers that began in the windows that end at these moments."""
    windows = reduce(or_, (Q(created__gt=end - WINDOW, created__lte=end) for end in ends))
    return Conversation.objects.filter(windows, asked_from__isnull=True, bin="").order_by()
