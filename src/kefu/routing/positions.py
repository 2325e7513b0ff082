"""Telling everybody who waits where they stand."""

from datetime import timedelta

from django.utils.timezone import now

from kefu.conversations.models import Conversation, Event
from kefu.routing.wait import Wait, waits
from kefu.system import live
from kefu.system.jobs.models import AT_ONCE
from kefu.system.jobs.queue import enqueue

PAUSE = timedelta(milliseconds=700)


def tell_positions(event: Event) -> None:
    """Reaction: the queue changed. Many changes at once are told once."""
    enqueue("routing.positions.tell_all", priority=AT_ONCE, unique="routing.positions", due=now() + PAUSE)


def tell_all() -> int:
    """Whisper position and expected wait to every waiting conversation; returns how many wait."""
    found = waits()
    for conversation in Conversation.objects.filter(pk__in=found):
        live.whisper(conversation.channel_name, "queue", as_data(found[conversation.pk]))
    live.whisper("desk", "queue", {"waiting": len(found)})
    return len(found)


def as_data(wait: Wait) -> dict[str, object]:
    """A wait as the chat window reads it; seconds null means: nobody is there."""
    return {
        "position": wait.position,
        "seconds": wait.seconds,
        "measured": wait.measured,
        "leave": wait.better_leave_a_message,
    }


def changed() -> None:
    """Somebody came or went: serve who can be served, and tell the others where they stand."""
    enqueue("routing.assign.assign_next", priority=AT_ONCE, unique="routing.assign")
    enqueue("routing.positions.tell_all", priority=AT_ONCE, unique="routing.positions", due=now() + PAUSE)
