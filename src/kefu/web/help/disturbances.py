"""Incidents as everybody sees them: what is wrong now, what was said, and the last 60 days."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.timezone import now

from kefu.incidents.models import Incident

PAST = timedelta(days=60)
KINDS = {"investigating": "bad", "identified": "warn", "monitoring": "warn", "solved": "ok"}


@dataclass(frozen=True)
class Line:
    """One entry of the log, in the reader's language."""

    state: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Disturbance:
    """``took`` is how long it lasted, in seconds; None while it lasts. ``kind`` is the pill's colour."""

    title: str
    summary: str
    state: str
    kind: str
    created: datetime
    took: int | None
    updates: list[Line] = field(default_factory=list)


def disturbances(language: str) -> tuple[list[Disturbance], list[Disturbance]]:
    """What is open, and what ended within 60 days; the newest first."""
    rows = Incident.objects.prefetch_related("updates").filter(created__gte=now() - PAST * 2)
    shown = [(row.is_open, _shown(row, language)) for row in rows if row.is_open or (row.solved_at and row.solved_at > now() - PAST)]
    return [one for is_open, one in shown if is_open], [one for is_open, one in shown if not is_open]


def _shown(row: Incident, language: str) -> Disturbance:
    lines = [Line(str(u.get_state_display()), u.text(language), u.created) for u in row.updates.all()]
    took = int((row.solved_at - row.created).total_seconds()) if row.solved_at else None
    state = str(row.get_state_display())
    return Disturbance(row.title(language), row.summary(language), state, KINDS[row.state], row.created, took, lines)
