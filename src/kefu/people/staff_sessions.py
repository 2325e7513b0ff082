"""When a session of staff is over: after a while in which nobody touched anything, and after a working day at most.

Only what a person does counts: opening a page, sending a form, a key or the pointer (of which the page tells once a minute).
What pages ask by themselves, as a board on the wall does all day, keeps no session alive. Customers' sessions know none of this.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import DatabaseError
from django.utils.timezone import now

from kefu.system.turn import write_turn

BEGAN, USED = "staff_began", "staff_used"
EVERY = 60  # seconds between two notes that a session was used
AHEAD = 60  # seconds; a moment further in the future than this comes from a clock that was wrong


@dataclass(frozen=True)
class Left:
    """Seconds until a session is over for want of use, and until it is over because it is old; 0 when it is."""

    idle: int
    age: int


def begin(session: SessionBase) -> None:
    """Somebody of the staff has just signed in."""
    session[BEGAN] = session[USED] = int(now().timestamp())


def is_counted(session: SessionBase) -> bool:
    """Whether this is a session of staff that has begun."""
    return BEGAN in session


def left(session: SessionBase) -> Left:
    """How long a session of staff still lasts if nobody does anything."""
    at = int(now().timestamp())
    unused, old = max(0, at - session[USED]), max(0, at - session[BEGAN])
    return Left(max(0, settings.STAFF_IDLE_MINUTES * 60 - unused), max(0, settings.STAFF_SESSION_HOURS * 3600 - old))


def use(session: SessionBase, *, ago: int = 0) -> None:
    """Note that a person did something, ``ago`` seconds before now; written once in ``EVERY`` seconds."""
    at = int(now().timestamp())
    set_back = session[USED] > at + AHEAD  # the clock: else the session would last that much longer
    if set_back:
        session[BEGAN] = min(session[BEGAN], at)
    elif at - ago - session[USED] < EVERY:
        return
    session[USED] = at - ago
    try:
        with write_turn():
            session.save()
        session.modified = False
    except (UpdateError, DatabaseError):
        pass  # it was ended meanwhile, or is written next time
