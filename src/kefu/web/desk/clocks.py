"""The clocks of a conversation as the desk shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.sla.explain import explain, kind_name, length
from kefu.sla.models import Clock


@dataclass(frozen=True)
class Shown:
    """``tone``: late, soon, met or paused (empty: in time); ``lines`` explain it."""

    name: str
    tone: str
    left: str
    due_at: datetime | None
    lines: list[str]


def clocks_of(conversation: Conversation, language: str) -> list[Shown]:
    """The latest clock of each kind: running ones first, the most urgent of them on top."""
    at = now()
    latest = {
        row.kind: row for row in Clock.objects.filter(conversation=conversation).select_related("policy__calendar").order_by("started")
    }
    shown = [
        Shown(kind_name(row.kind), tone(row, at), left(row, at), row.due_at, explain(row, at=at, language=language))
        for row in latest.values()
    ]
    return sorted(shown, key=lambda one: (one.tone in {"met", "kept"}, one.due_at or at))


def tone(row: Clock, at: datetime) -> str:
    if row.met_at:
        return "met" if row.breached_at else "kept"
    if row.due_at is None:
        return "paused"
    if row.due_at <= at:
        return "late"
    return "soon" if row.warn_at and row.warn_at <= at else ""


def left(row: Clock, at: datetime) -> str:
    """How long it may still take, or how long it is late; empty when it stands still or is done."""
    return "" if row.met_at or row.due_at is None else length(abs(row.due_at - at))


def with_next_due(rows: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
    """Conversations with ``next_due`` and ``next_warn``: of the running clock that ends first."""
    running = Clock.objects.filter(conversation=OuterRef("pk"), met_at=None, due_at__isnull=False).order_by().values("conversation")
    return rows.annotate(
        next_due=Subquery(running.annotate(first=Min("due_at")).values("first")),
        next_warn=Subquery(running.annotate(first=Min("warn_at")).values("first")),
    )
