"""The clocks of one conversation, worked out from its history alone. Pure: the same history gives the same clocks.

Nothing is started or stopped step by step; so events that come late, twice or in another order change nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kefu.text.business_time import Calendar, add, elapsed


class Kind(StrEnum):
    """What is promised."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"


class What(StrEnum):
    """What can happen to a conversation, as far as clocks care."""

    ASKED = "asked"  # a person is wanted: the conversation joined the queue or was sent as a ticket
    CUSTOMER = "customer"
    AGENT = "agent"
    WORKING = "working"  # it is our turn
    WAITING = "waiting"  # it is the customer's turn, or it is on hold
    ASLEEP = "asleep"  # the customer would rather wait for news than for us
    SOLVED = "solved"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Moment:
    """Something that happened at a time."""

    at: datetime
    what: What


@dataclass(frozen=True)
class Clock:
    """``pauses`` are spans during which it stood still, the last one open (None) while it does; ``met_at`` is when the
    promise was kept or missed for good; ``due_at`` when it must be met, None while it stands still."""

    kind: Kind
    started: datetime
    target: timedelta
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    met_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return self.met_at is None and bool(self.pauses) and self.pauses[-1][1] is None


def follow(history: Iterable[Moment], calendar: Calendar, targets: Mapping[Kind, timedelta]) -> list[Clock]:
    """All clocks of a conversation, in the order in which they started.

    The first reply runs from when a person is wanted; the next reply from each first unanswered word after it; the
    resolution from when a person is wanted until it is solved, and stands still while it is the customer's turn. Where the
    customer asked us to wait for something, all of them stand still.
    """
    found: dict[Kind, Clock] = {}
    done: list[Clock] = []
    asked = replied = False

    def start(kind: Kind, at: datetime) -> None:
        if kind in targets and kind not in found:
            found[kind] = Clock(kind, at, targets[kind])

    def end(kind: Kind, at: datetime) -> None:
        if clock := found.pop(kind, None):
            done.append(replace(_resumed(clock, at), met_at=at))

    for moment in sorted(history, key=lambda m: m.at):
        at, what = moment.at, moment.what
        if what == What.ASKED and not asked:
            asked = True
            start(Kind.RESOLUTION, at)
            if not replied:
                start(Kind.FIRST_REPLY, at)
        elif what == What.CUSTOMER and asked:
            if replied:
                start(Kind.NEXT_REPLY, at)
            _resume(found, at)
        elif what == What.AGENT:
            replied = True
            end(Kind.FIRST_REPLY, at)
            end(Kind.NEXT_REPLY, at)
            _pause(found, at)
        elif what == What.WORKING:
            _resume(found, at)
        elif what == What.WAITING:
            _pause(found, at)
        elif what == What.ASLEEP:
            for kind in list(found):
                _pause(found, at, kind)
        elif what == What.SOLVED:
            for kind in list(found):
                end(kind, at)
        elif what == What.REOPENED and asked:
            _reopen(done, found, at)
            if replied:
                start(Kind.NEXT_REPLY, at)
    clocks = [_with_due(clock, calendar) for clock in (*done, *found.values())]
    return sorted(clocks, key=lambda clock: (clock.started, clock.kind))


def used(clock: Clock, calendar: Calendar, at: datetime) -> timedelta:
    """The working time that the clock has counted by ``at``."""
    end = min(at, clock.met_at) if clock.met_at else at
    gone = elapsed(calendar, clock.started, end)
    for begin, stop in clock.pauses:
        gone -= elapsed(calendar, begin, min(stop or end, end))
    return gone


def due_after(clock: Clock, calendar: Calendar, share: float = 1.0) -> datetime | None:
    """When the clock will have counted ``share`` of its target if nothing more happens; None while it stands still."""
    if clock.is_paused:
        return None
    left, since = clock.target * share, clock.started
    for begin, stop in clock.pauses:
        run = elapsed(calendar, since, begin)
        if run >= left:
            return add(calendar, since, left)
        left -= run
        since = stop or begin
    return add(calendar, since, left)


def _with_due(clock: Clock, calendar: Calendar) -> Clock:
    return replace(clock, due_at=due_after(clock, calendar))


def _pause(found: dict[Kind, Clock], at: datetime, kind: Kind = Kind.RESOLUTION) -> None:
    clock = found.get(kind)
    if clock and not clock.is_paused:
        found[kind] = replace(clock, pauses=(*clock.pauses, (at, None)))


def _resume(found: dict[Kind, Clock], at: datetime) -> None:
    for kind, clock in found.items():
        found[kind] = _resumed(clock, at)


def _resumed(clock: Clock, at: datetime) -> Clock:
    if not clock.is_paused:
        return clock
    return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], at)))


def _reopen(done: list[Clock], found: dict[Kind, Clock], at: datetime) -> None:
    """The resolution goes on where it was: the time in which it counted as solved is a pause."""
    for n, clock in enumerate(done):
        if clock.kind == Kind.RESOLUTION and clock.met_at and Kind.RESOLUTION not in found:
            found[Kind.RESOLUTION] = replace(clock, met_at=None, pauses=(*clock.pauses, (clock.met_at, at)))
            del done[n]
            return
