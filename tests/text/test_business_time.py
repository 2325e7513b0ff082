"""Working time against a minute-by-minute simulation, over random calendars, zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import calendars, count, moments
from kefu.text.business_time import Calendar, add, elapsed


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


def test_a_lunch_break_stops_the_clock():
    office = Calendar("UTC", {d: ((time(9), time(12)), (time(13, 30), time(18))) for d in range(5)})
    late_morning = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    assert add(office, late_morning, timedelta(hours=1)) == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert elapsed(office, late_morning, datetime(2026, 11, 24, 13, 15, tzinfo=UTC)) == timedelta(minutes=30)
