"""A topic that suddenly many write about: seen within minutes, against the same quarter of an hour of the last four weeks."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from math import sqrt
from operator import or_

from django.db.models import Count, Q
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.incidents.models import Incident, Spike
from kefu.system import live

WINDOW = timedelta(minutes=15)
DAYS = 28
FEWEST = 8  # conversations in a window: fewer are chance
SIGMAS = 4


def look() -> int:
    """Periodic job: note what begins, goes on and ends; returns how many spikes are going on."""
    at = now()
    counts = _counts([at])
    usual = _counts([at - timedelta(days=day) for day in range(1, DAYS + 1)])
    known = {spike.topic_id: spike for spike in Spike.objects.filter(ended=None)}
    for topic, count in counts.items():
        mean = usual[topic] / DAYS
        if not is_spike(count, mean):
            continue
        if spike := known.pop(topic, None):
            spike.count, spike.usual, spike.seen = max(spike.count, count), mean, at
            spike.save(update_fields=["count", "usual", "seen"])
        elif not Incident.objects.exclude(state=Incident.State.SOLVED).filter(topic=topic).exists():
            Spike.objects.create(topic_id=topic, count=count, usual=mean, created=at, seen=at)
            live.whisper("desk", "inbox", {"kind": "spike"})
    over = [spike.pk for spike in known.values() if spike.seen < at - WINDOW]
    Spike.objects.filter(pk__in=over).update(ended=at)
    return Spike.objects.filter(ended=None).count()


def is_spike(count: int, mean: float) -> bool:
    """Whether a window holds so many more than usual that chance does not explain it.

    Arrivals are taken as Poisson: their deviation is the square root of the mean; one is added to it, because four weeks
    without any say little.
    """
    return count >= FEWEST and count > mean + SIGMAS * sqrt(mean + 1)


def going_on() -> list[Spike]:
    """Spikes that nobody has looked at yet, the largest first."""
    return list(Spike.objects.filter(ended=None, dismissed=False).select_related("topic").order_by("-count"))


def _counts(ends: Sequence[datetime]) -> Counter[int]:
    """By topic: how many conversations began in the windows that end at these moments."""
    windows = reduce(or_, (Q(created__gt=end - WINDOW, created__lte=end) for end in ends))
    rows = Conversation.objects.filter(windows, topic__isnull=False, asked_from__isnull=True).order_by()
    return Counter(dict(rows.values_list("topic").annotate(n=Count("pk"))))
