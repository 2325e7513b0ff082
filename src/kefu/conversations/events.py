"""The funnel: the only place that creates events, and what follows from them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from kefu.conversations.models import Conversation, Event, EventKind
from kefu.system import live
from kefu.system.jobs.queue import enqueue_all

Needed = Callable[[Conversation, EventKind], bool]

# The rules that are acting just now, outermost first: what they cause says so, and loops are seen.
_acting: ContextVar[tuple[int, ...]] = ContextVar("acting", default=())

_reactions: dict[EventKind, tuple[str, ...]] = {}
_needed: dict[str, Needed] = {}


def set_reactions(table: Mapping[EventKind, Sequence[str]], needed: Mapping[str, Needed] | None = None) -> None:
    """Which jobs follow from which event; called once at start by the wiring.

    ``needed``: jobs that would have nothing to do with some conversations are not even put in line for those.
    """
    _reactions.clear()
    _reactions.update({kind: tuple(names) for kind, names in table.items()})
    _needed.clear()
    _needed.update(needed or {})


@contextmanager
def acting(*rules: int) -> Iterator[None]:
    """Events recorded inside carry these rules' ids."""
    token = _acting.set(rules)
    try:
        yield
    finally:
        _acting.reset(token)


def record(conversation: Conversation, kind: EventKind, **data: Any) -> Event:
    """Note in the caller's transaction that something happened, enqueue its reactions, and ring after the commit.

    ``data`` must be JSON and hold no message text: events reach reports and webhooks.
    """
    if rules := _acting.get():
        data["rules"] = list(rules)
    event = Event.objects.create(conversation=conversation, kind=kind, data=data)
    names = [name for name in _reactions.get(kind, ()) if name not in _needed or _needed[name](conversation, kind)]
    enqueue_all(names, args={"event_id": event.pk}, priority=1)
    channel, seq = conversation.channel_name, conversation.last_seq
    transaction.on_commit(lambda: _tell(channel, seq, kind))
    return event


def _tell(channel: str, seq: int, kind: EventKind) -> None:
    """Ring for those who watch the conversation, and nudge the desks, whose lists may have changed."""
    live.ring(channel, seq)
    live.whisper("desk", "inbox", {"kind": kind})
