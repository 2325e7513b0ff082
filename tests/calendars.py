"""Random calendars with their zones, clock changes and holidays, and working time counted minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from kefu.text.business_time import Calendar

ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
quarters = st.integers(0, 96)


def spans(marks):
    marks = sorted(set(marks))[: len(set(marks)) // 2 * 2]
    at = [time(q // 4 % 24, q % 4 * 15) for q in marks]
    return tuple(zip(at[::2], at[1::2], strict=True))


days = st.lists(quarters, max_size=4).map(spans).map(lambda found: tuple(s for s in found if s[0] < s[1] or s[1] == time(0)))
calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    week=st.dictionaries(st.integers(0, 6), days, min_size=1, max_size=7),
    special=st.dictionaries(st.dates(date(2026, 3, 1), date(2026, 11, 30)), days, max_size=3),
)
# Around the days on which Berlin, New York and Lord Howe change their clocks, and ordinary ones.
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute),
    st.sampled_from(
        [
            date(2026, 3, 7),
            date(2026, 3, 28),
            date(2026, 4, 4),
            date(2026, 6, 10),
            date(2026, 10, 3),
            date(2026, 10, 24),
            date(2026, 10, 31),
        ]
    ),
    st.integers(0, 4 * 24 * 60),
)


def working_minutes(calendar, start, minutes):
    """For each of so many minutes after ``start``, whether it is working time: looked at one by one."""
    zone = ZoneInfo(calendar.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    last = (start + timedelta(minutes=minutes)).astimezone(zone).date() + timedelta(days=1)
    open_spans = []
    while day <= last:
        for opens, closes in calendar.spans(day):
            until = day + timedelta(days=1) if closes == time(0) else day
            open_spans.append((datetime.combine(day, opens, zone).astimezone(UTC), datetime.combine(until, closes, zone).astimezone(UTC)))
        day += timedelta(days=1)
    at, found = start.astimezone(UTC), []
    for n in range(minutes):
        moment = at + timedelta(minutes=n)
        found.append(calendar.is_always or any(opens <= moment < closes for opens, closes in open_spans))
    return found


def count(calendar, start, end):
    return sum(working_minutes(calendar, start, int((end - start).total_seconds() // 60)))
