"""The funnel: the only place that creates events, and what follows from them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kefu.conversations.models import Conversation, Event, EventKind
from kefu.system import live
from kefu.system.jobs.queue import enqueue_all

_reactions: dict[EventKind, tuple[str, ...]] = {}


def set_reactions(table: Mapping[EventKind, Sequence[str]]) -> None:
    """Which jobs follow from which event; called once at start by the wiring."""
    _reactions.clear()
    _reactions.update({kind: tuple(names) for kind, names in table.items()})


def record(conversation: Conversation, kind: EventKind, **data: Any) -> Event:
    """Note in the caller's transaction that something happened, enqueue its reactions, and ring after the commit.

    ``data`` must be JSON and hold no message text: events reach reports and webhooks.
    """
    event = Event.objects.create(conversation=conversation, kind=kind, data=data)
    enqueue_all(_reactions.get(kind, ()), args={"event_id": event.pk}, priority=1)
    channel, seq = conversation.channel_name, conversation.last_seq
    transaction.on_commit(lambda: _tell(channel, seq, kind))
    return event


def _tell(channel: str, seq: int, kind: EventKind) -> None:
    """Ring for those who watch the conversation, and nudge the desks, whose lists may have changed."""
    live.ring(channel, seq)
    live.whisper("desk", "inbox", {"kind": kind})
