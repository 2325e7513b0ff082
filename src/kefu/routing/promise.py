"""What we may promise: how fast such cases were really answered lately, said only when there is ground for it."""

from dataclasses import dataclass
from datetime import timedelta

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
    since = now() - WINDOW
    answered = Conversation.objects.filter(first_replied_at__isnull=False, created__gte=since)
    answered = answered.filter(queued_at__isnull=not live)
    if topic is None:
        return None
    for narrowed in (answered.filter(topic=topic), answered.filter(team=topic.team)):
        rows = narrowed.order_by("-created").values_list("created", "first_replied_at")[:MOST]
        times = sorted((replied - created).total_seconds() for created, replied in rows if replied)
        if len(times) >= FEWEST:
            return Promise(int(times[min(len(times) - 1, int(SHARE * len(times)))]), len(times))
    return None
