"""What we may promise: how fast such cases were really answered lately, said only when there is ground for it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.topics.models import Topic

WINDOW = timedelta(days=14)
FEWEST = 10
SHARE = 0.9
MOST = 500


@dataclass(frozen=True)
class Promise:
    """``seconds``: within which nine of ten such cases had their first answer from a person; ``cases``: how many there were."""

    seconds: int
    cases: int


def promise_for(topic: Topic | None, *, live: bool = False) -> Promise | None:
    """The promise for a topic (with the same team's other topics where it has too few cases); None without ground."""
    if topic is None:
        return None
    answered = _answered().filter(queued_at__isnull=not live)
    return _from(answered.filter(topic=topic)) or _from(answered.filter(team=topic.team))


def promise_of(channel: str) -> Promise | None:
    """The promise for everything that comes this way; None without ground."""
    return _from(_answered().filter(channel=channel))


def _answered() -> "QuerySet[Conversation]":
    return Conversation.objects.filter(first_replied_at__isnull=False, created__gte=now() - WINDOW)


def _from(cases: "QuerySet[Conversation]") -> Promise | None:
    rows = cases.order_by("-created").values_list("created", "first_replied_at")[:MOST]
    times = sorted((replied - created).total_seconds() for created, replied in rows if replied)
    if len(times) < FEWEST:
        return None
    return Promise(int(times[min(len(times) - 1, int(SHARE * len(times)))]), len(times))
