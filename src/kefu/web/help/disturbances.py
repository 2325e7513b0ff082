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
class Stop:
    """A stop on an incident's way: ``state`` is done, current or later; ``at`` when it was reached."""

    name: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Disturbance:
    """``took`` is how long it lasted, in seconds, ``lasts`` how long it has lasted so far; one of them is None. ``kind`` is the
    pill's colour."""

    title: str
    summary: str
    state: str
    kind: str
    created: datetime
    took: int | None
    lasts: int | None
    updates: list[Line] = field(default_factory=list)
    way: list[Stop] = field(default_factory=list)
    post_mortem: str = ""
    slug: str = ""


def disturbances(language: str) -> tuple[list[Disturbance], list[Disturbance]]:
    """What is open, and what ended within 60 days; the newest first."""
    rows = Incident.objects.prefetch_related("updates").filter(created__gte=now() - PAST * 2)
    shown = [(row.is_open, _shown(row, language)) for row in rows if row.is_open or (row.solved_at and row.solved_at > now() - PAST)]
    return [one for is_open, one in shown if is_open], [one for is_open, one in shown if not is_open]


def _shown(row: Incident, language: str) -> Disturbance:
    lines = [Line(str(u.get_state_display()), u.text(language), u.created) for u in row.updates.all()]
    took = int((row.solved_at - row.created).total_seconds()) if row.solved_at else None
    lasts = int((now() - row.created).total_seconds()) if row.is_open else None
    state = str(row.get_state_display())
    return Disturbance(
        row.title(language),
        row.summary(language),
        state,
        KINDS[row.state],
        row.created,
        took,
        lasts,
        lines,
        _way(row),
        row.post_mortem,
        row.slug,
    )


def _way(row: Incident) -> list[Stop]:
    """Its states in their order, with the time at which each was first told."""
    told: dict[str, datetime] = {}
    for update in row.updates.all():  # the newest first
        told[update.state] = update.created
    order = [state for state, _name in Incident.State.choices]
    here = order.index(row.state)
    return [
        Stop(str(name), "done" if n < here else "current" if n == here else "later", told.get(state) if n <= here else None)
        for n, (state, name) in enumerate(Incident.State.choices)
    ]
