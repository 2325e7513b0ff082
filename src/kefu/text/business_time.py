"""Time as a support team counts it: working hours of a zone, with holidays; every moment of a round-the-clock one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
MIDNIGHT = time(0)
FARTHEST = 3660  # days that ``add`` looks ahead before it gives up: a calendar without working time


@dataclass(frozen=True)
class Calendar:
    """``week`` gives the spans of each weekday (0 is Monday), in order and without overlap; an end of 00:00 is the end of
    the day. ``special`` replaces them on single days; an empty list is a holiday. Without ``week`` and ``special``: always."""

    zone: str = "UTC"
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def is_always(self) -> bool:
        return not self.week and not self.special

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working spans of a day, by the calendar's own clock."""
        return self.special.get(day, self.week.get(day.weekday(), ()))


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Working time between two aware moments; zero when ``end`` is not after ``start``."""
    if end <= start:
        return timedelta()
    if calendar.is_always:
        return end - start
    return sum((stop - begin for begin, stop in _working(calendar, start, end)), timedelta())


def add(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The first moment by which ``duration`` of working time has passed since ``start``, in UTC.

    Raises ValueError for a calendar that has no working time within ten years.
    """
    if calendar.is_always or duration <= timedelta():
        return (start + max(duration, timedelta())).astimezone(UTC)
    left = duration
    for begin, stop in _working(calendar, start, start + timedelta(days=FARTHEST)):
        if stop - begin >= left:
            return begin + left
        left -= stop - begin
    raise ValueError("This calendar has no working time.")


def _working(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working spans within two moments, in UTC and in order.

    Both ends of a span are read on the calendar's clock and compared in UTC, so that a day on which the clocks change is
    as long as it really is.
    """
    zone = ZoneInfo(calendar.zone)
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    day = start.astimezone(zone).date() - timedelta(days=1)
    final = end.astimezone(zone).date()
    while day <= final:
        for opens, closes in calendar.spans(day):
            begin = datetime.combine(day, opens, zone).astimezone(UTC)
            until = day + timedelta(days=1) if closes == MIDNIGHT else day
            stop = datetime.combine(until, closes, zone).astimezone(UTC)
            begin, stop = max(begin, first), min(stop, last)
            if begin < stop:
                yield begin, stop
        day += timedelta(days=1)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether ``at`` lies within working time."""
    return calendar.is_always or elapsed(calendar, at, at + timedelta(microseconds=1)) > timedelta()


def week_from(calendar: Calendar, at: datetime, zone: ZoneInfo, days: int = 7) -> list[tuple[date, list[Span]]]:
    """The working spans of the next days by the clock of ``zone``, the day of ``at`` first; a span over midnight is cut there.

    An end of 00:00 is the end of the day.
    """
    first = at.astimezone(zone).date()
    found: list[tuple[date, list[Span]]] = []
    for day in (first + timedelta(days=n) for n in range(days)):
        begin, end = (datetime.combine(one, MIDNIGHT, zone) for one in (day, day + timedelta(days=1)))
        spans = [(begin, end)] if calendar.is_always else _working(calendar, begin, end)
        found.append((day, [(b.astimezone(zone).time(), e.astimezone(zone).time()) for b, e in spans]))
    return found
