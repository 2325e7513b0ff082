"""Whose streams are open, and ending them when the right to watch has gone. On the event loop only.

A ticket is checked once and a stream stays open for hours: whoever signs out, is signed out by somebody else or leaves the team
must not go on reading. ``who`` is what the ticket names, see ``ticket.grant``; it is ended at once in every process, and where
that word is lost (Redis is gone) a stream of staff ends by itself after ``LONGEST`` and its page has to ask for a new ticket.
"""

import random
import time
from typing import Protocol

from django.conf import settings

LONGEST = 900.0  # seconds for a stream of staff, a fifth more or less, so that not all come back at once
STAFF = "a"  # what their ``who`` begins with


class Held(Protocol):
    def end(self) -> None:
        """Finish the response."""


_held: dict[str, dict[Held, float]] = {}
_ended: dict[str, float] = {}


def enter(stream: Held, who: str) -> None:
    spread = LONGEST * (0.8 + 0.4 * random.random())  # noqa: S311 - no secret
    _held.setdefault(who, {})[stream] = time.monotonic() + spread


def leave(stream: Held, who: str) -> None:
    held = _held.get(who, {})
    held.pop(stream, None)
    if not held:
        _held.pop(who, None)


def ended(who: str) -> None:
    """End what ``who`` has open, and take no ticket of theirs any more: one that was granted before is good for a while."""
    at = time.monotonic()
    for known in [one for one, until in _ended.items() if until < at]:
        del _ended[known]
    _ended[who] = at + settings.LIVE_TICKET_SECONDS + 1
    for stream in list(_held.get(who, ())):
        stream.end()


def has_ended(who: str) -> bool:
    return _ended.get(who, 0.0) > time.monotonic()


def end_overdue() -> None:
    """End the streams of staff that have been open for so long that the session should be looked at again."""
    at = time.monotonic()
    for who in [one for one in _held if one.startswith(STAFF)]:
        for stream, until in list(_held[who].items()):
            if until < at:
                stream.end()
