"""Reading the sums by the hour, on the clocks of whoever reads: when people write, and whether answers keep up.

Hours are summed in UTC; where a clock is half an hour apart from it, an hour belongs to the one in which it begins.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.db.models import Sum

from kefu.reports.models import Hour
from kefu.reports.roll import NAMES

Sums = dict[str, int]


def nothing() -> Sums:
    return dict.fromkeys(NAMES, 0)


def week(start: date, end: date, zone: tzinfo | None = None) -> list[list[Sums]]:
    """The sums by weekday (Monday first) and hour on the clocks of ``zone``; both days (UTC) included."""
    found = [[nothing() for _hour in range(24)] for _day in range(7)]
    for moment, sums in _moments(start, end, zone):
        _add(found[moment.weekday()][moment.hour], sums)
    return found


def by_hour(start: date, end: date, zone: tzinfo | None = None) -> list[Sums]:
    """The sums of each of the 24 hours; together they are those of the days."""
    days = week(start, end, zone)
    return [_together([one[hour] for one in days]) for hour in range(24)]


def by_weekday(start: date, end: date, zone: tzinfo | None = None) -> list[Sums]:
    """The sums of each of the seven weekdays, Monday first."""
    return [_together(hours) for hours in week(start, end, zone)]


def day(which: date, zone: tzinfo | None = None) -> list[Sums]:
    """The 24 hours of one day on the clocks of ``zone``."""
    found = [nothing() for _hour in range(24)]
    for moment, sums in _moments(which - timedelta(days=1), which + timedelta(days=1), zone):
        if moment.date() == which:
            _add(found[moment.hour], sums)
    return found


def usual(before: date, zone: tzinfo | None = None, *, days: int = 28) -> list[float]:
    """How many conversations usually begin in each hour: the mean of the days before ``before``."""
    found = by_hour(before - timedelta(days=days), before - timedelta(days=1), zone)
    return [one["opened"] / days for one in found]


def _moments(start: date, end: date, zone: tzinfo | None) -> Iterator[tuple[datetime, Sums]]:
    rows = Hour.objects.filter(day__range=(start, end)).order_by().values_list("day", "hour")
    for day, hour, *sums in rows.annotate(*(Sum(name) for name in NAMES)):
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        yield at.astimezone(zone or UTC), dict(zip(NAMES, sums, strict=True))


def _together(parts: list[Sums]) -> Sums:
    found = nothing()
    for one in parts:
        _add(found, one)
    return found


def _add(found: Sums, more: Sums) -> None:
    for name, number in more.items():
        found[name] += number
