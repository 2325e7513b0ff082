"""What the exchange's services went through in the last 60 days, for the status page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import now

from kefu.incidents.models import Incident
from kefu.topics.models import Topic
from kefu.web.help.disturbances import PAST

DAY = timedelta(days=1)
LONG = 0.25  # of a day: from here on it is a bad day, below a disturbed one

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Service:
    """``days``: the oldest first, each ``""`` (undisturbed), ``w`` or ``b`` (disturbed for long); ``share`` of the time without a
    known disturbance, in per cent; ``disturbed`` days; ``trouble``: what is wrong now, empty for nothing."""

    name: str
    days: list[str]
    share: float
    disturbed: int
    trouble: str


def services(language: str) -> list[Service]:
    """Every topic that is a service of the exchange, with its incidents and those of the topics below it."""
    at = now()
    topics = {topic.pk: topic for topic in Topic.objects.prefetch_related("translations")}
    begun: dict[int, list[Span]] = defaultdict(list)
    trouble: dict[int, str] = {}
    for row in Incident.objects.filter(topic__isnull=False, created__gte=at - 2 * PAST).order_by("created"):
        owner = _service_of(topics, row.topic_id)
        if owner is None:
            continue
        begun[owner].append((row.created, row.solved_at or at))
        if row.is_open:
            trouble[owner] = row.title(language)
    wanted = [topic for topic in topics.values() if topic.is_service]
    return [_service(topic.label(language), begun[topic.pk], trouble.get(topic.pk, ""), at) for topic in wanted]


def _service_of(topics: dict[int, Topic], pk: int | None) -> int | None:
    """The nearest topic from this one upwards that is a service."""
    while pk in topics:
        if topics[pk].is_service:
            return pk
        pk = topics[pk].parent_id
    return None


def _service(name: str, spans: list[Span], trouble: str, at: datetime) -> Service:
    begin = at - PAST
    disturbed = [_length(spans, begin + n * DAY, begin + (n + 1) * DAY) for n in range(PAST.days)]
    days = ["b" if part >= LONG else "w" if part else "" for part in disturbed]
    share = 100 * (1 - sum(disturbed) / PAST.days)
    return Service(name, days, share, sum(1 for one in days if one), trouble)


def _length(spans: list[Span], begin: datetime, end: datetime) -> float:
    """Which part of the time from ``begin`` to ``end`` the spans cover together; where they overlap it counts once."""
    covered, reached = timedelta(), begin
    for first, last in sorted(spans):
        first, last = max(first, reached), min(last, end)
        if last > first:
            covered, reached = covered + (last - first), last
    return covered / (end - begin)
