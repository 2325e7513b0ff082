"""The funnel: the only place that creates events, and what follows from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from kefu.conversations.models import Conversation, Event, EventKind
from kefu.system import live
from kefu.system.jobs.models import AT_ONCE
from kefu.system.jobs.queue import enqueue_all
from kefu.system.prepared import insert_all

Needed = Callable[[Conversation, EventKind, Mapping[str, Any]], bool]

# The rules that are acting just now, outermost first: what they cause says so, and loops are seen.
_acting: ContextVar[tuple[int, ...]] = ContextVar("acting", default=())

_reactions: dict[EventKind, tuple[tuple[str, int], ...]] = {}
_needed: dict[str, Needed] = {}


def set_reactions(
    table: Mapping[EventKind, Sequence[str]],
    needed: Mapping[str, Needed] | None = None,
    priorities: Mapping[tuple[EventKind, str], int] | None = None,
) -> None:
    """Which jobs follow from which event; called once at start by the wiring.

    ``needed``: jobs that would have nothing to do with some events are not even put in line for those. ``priorities``: of
    those that are not ``AT_ONCE``, by what they follow from.
    """
    given = priorities or {}
    _reactions.clear()
    _reactions.update({kind: tuple((name, given.get((kind, name), AT_ONCE)) for name in names) for kind, names in table.items()})
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
    return record_all(conversation, [(kind, data)])[0]


def record_all(conversation: Conversation, happened: Iterable[tuple[EventKind, dict[str, Any]]]) -> list[Event]:
    """The same for several things that happened in this order in one step."""
    signed = {"rules": list(rules)} if (rules := _acting.get()) else {}
    insert_all(events := [Event(conversation=conversation, kind=kind, data=data | signed) for kind, data in happened])
    enqueue_all(
        (name, priority, {"event_id": event.pk})
        for event in events
        for name, priority in _reactions.get(EventKind(event.kind), ())
        if name not in _needed or _needed[name](conversation, EventKind(event.kind), event.data)
    )
    channel, seq, last = conversation.channel_name, conversation.last_seq, events[-1].kind
    transaction.on_commit(lambda: _tell(channel, seq, last))
    return events


def _tell(channel: str, seq: int, kind: str) -> None:
    """Ring for those who watch the conversation, and nudge the desks, whose lists may have changed."""
    live.ring(channel, seq)
    live.whisper("desk", "inbox", {"kind": kind})
