"""Working time against a minute-by-minute simulation, over random calendars, zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.text.business_time import Calendar, add, elapsed

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


def is_working(calendar, at):
    local = at.astimezone(ZoneInfo(calendar.zone))
    zone = ZoneInfo(calendar.zone)
    for day in (local.date() - timedelta(days=1), local.date(), local.date() + timedelta(days=1)):
        for opens, closes in calendar.spans(day):
            until = day + timedelta(days=1) if closes == time(0) else day
            if datetime.combine(day, opens, zone).astimezone(UTC) <= at < datetime.combine(until, closes, zone).astimezone(UTC):
                return True
    return False


def count(calendar, start, end):
    minutes = int((end - start).total_seconds() // 60)
    return sum(is_working(calendar, start + timedelta(minutes=n)) for n in range(minutes))


@settings(max_examples=150)
@given(calendars, moments, st.integers(0, 2 * 24 * 60))
def test_working_time_is_what_a_count_of_minutes_gives(calendar, start, minutes):
    end = start + timedelta(minutes=minutes)
    assert elapsed(calendar, start, end) == timedelta(minutes=count(calendar, start, end))


@given(calendars, moments, st.integers(0, 2_000))
def test_the_moment_that_is_due_has_exactly_that_working_time_before_it(calendar, start, minutes):
    if not any(any(calendar.spans(date(2026, 12, d))) for d in range(1, 8)):
        return
    due = add(calendar, start, timedelta(minutes=minutes))
    assert elapsed(calendar, start, due) == timedelta(minutes=minutes)
    assert minutes == 0 or elapsed(calendar, start, due - timedelta(minutes=1)) < timedelta(minutes=minutes)


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    assert elapsed(calendar, a, b) + elapsed(calendar, b, c) == elapsed(calendar, a, c)


def test_round_the_clock_is_ordinary_time():
    start = datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert add(Calendar(), start, timedelta(hours=2)) == datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert elapsed(Calendar(), start, start - timedelta(hours=1)) == timedelta()


def test_a_calendar_without_working_time_says_so():
    with pytest.raises(ValueError, match="no working time"):
        add(Calendar(week={0: ()}), datetime(2026, 11, 20, tzinfo=UTC), timedelta(hours=1))


def test_a_holiday_and_a_weekend_are_skipped():
    office = Calendar("Asia/Shanghai", {d: ((time(9), time(18)),) for d in range(5)}, {date(2026, 10, 1): ()})
    friday = datetime(2026, 9, 30, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert add(office, friday, timedelta(hours=2)) == datetime(2026, 10, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
