"""Looking at the time: a warning before a promise is missed, and what follows when it is."""

from django.utils.timezone import now

from kefu.conversations.events import record
from kefu.conversations.models import EventKind, locked
from kefu.conversations.prioritise import raise_to
from kefu.conversations.timeline import append_activity
from kefu.sla.models import Clock
from kefu.system import live

AT_ONCE = 500


def watch() -> int:
    """Periodic job: warn and breach what is due; returns how many clocks were told of."""
    at = now()
    running = Clock.objects.filter(met_at=None)
    late = list(running.filter(breached_at=None, due_at__lte=at).values_list("pk", "conversation_id")[:AT_ONCE])
    soon = running.filter(warned_at=None, breached_at=None, warn_at__lte=at, due_at__gt=at)
    near = list(soon.values_list("pk", "conversation_id")[:AT_ONCE])
    for pk, conversation in late:
        _breach(pk, conversation)
    for pk, conversation in near:
        _warn(pk, conversation)
    if late or near:
        live.whisper("desk", "inbox", {"kind": "sla"})
    return len(late) + len(near)


def _breach(pk: int, conversation: int) -> None:
    """Say so to both sides, and serve it sooner. Each clock once."""
    with locked(conversation) as c:
        clock = Clock.objects.get(pk=pk)
        if clock.met_at or clock.breached_at or clock.due_at is None or clock.due_at > now():
            return
        clock.breached_at = now()
        clock.save()
        append_activity(c, "sla_breached", clock=clock.kind)
        if clock.kind != Clock.Kind.RESOLUTION:
            append_activity(c, "sla_missed", public=True, clock=clock.kind)
        before = c.priority
        raise_to(c, c.priority + 1, why="sla_breached")
        c.save()
        record(c, EventKind.SLA_BREACHED, clock=clock.kind, before=before, after=int(c.priority))


def _warn(pk: int, conversation: int) -> None:
    with locked(conversation) as c:
        clock = Clock.objects.get(pk=pk)
        if clock.met_at or clock.warned_at or clock.breached_at or clock.warn_at is None or clock.warn_at > now():
            return
        clock.warned_at = now()
        clock.save()
        append_activity(c, "sla_warned", clock=clock.kind)
        c.save()
        record(c, EventKind.SLA_WARNED, clock=clock.kind)
