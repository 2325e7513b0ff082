"""Sums by hour, ages of what is open, and reports by mail."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from kefu.conversations.models import Conversation
from kefu.people.models import Customer
from kefu.reports import backlog, hours
from kefu.reports.figures import by, total
from kefu.reports.models import ReportMail
from kefu.reports.roll import sum_day
from kefu.web.desk.chart import Series, chart, nice
from kefu.web.desk.report_mail import begin, next_time, send_due

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


@pytest.fixture
def began(db):
    """began(moment, …): conversations that began at these moments."""
    customer = Customer.objects.create()

    def make(*moments, **values):
        return [Conversation.objects.create(customer=customer, channel="form", created=at, **values) for at in moments]

    return make


def test_the_hours_are_on_the_readers_clock(began):
    monday_late = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)  # Tuesday, half past four, in Shanghai
    began(monday_late, monday_late, monday_late + timedelta(hours=1))
    sum_day(monday_late.date())
    found = hours.week(monday_late.date(), monday_late.date(), SHANGHAI)
    assert found[1][4]["opened"] == 2 and found[1][5]["opened"] == 1 and sum(one["opened"] for day in found for one in day) == 3
    assert hours.day(monday_late.date() + timedelta(days=1), SHANGHAI)[4]["opened"] == 2
    assert hours.week(monday_late.date(), monday_late.date())[0][20]["opened"] == 2


def test_lines_of_hours_and_weekdays_are_on_the_readers_clock_and_add_up(began):
    late = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)  # Tuesday, half past four, in Shanghai
    began(late, first_replied_at=late + timedelta(minutes=50))
    began(late, first_replied_at=late + timedelta(minutes=10))
    sum_day(late.date())
    by_hour = {line.key: line for line in by("hour", late.date(), late.date(), zone=SHANGHAI)}
    assert len(by_hour) == 24 and by_hour["04"].sums["opened"] == 2
    assert (by_hour["04"].reply_average, by_hour["05"].reply_average, by_hour["06"].reply_average) == (600, 3000, None)
    by_weekday = [line.sums["opened"] for line in by("weekday", late.date(), late.date(), zone=SHANGHAI)]
    assert by_weekday == [0, 2, 0, 0, 0, 0, 0]
    assert by("weekday", late.date(), late.date())[0].sums == total(late.date(), late.date()).sums


def test_the_table_of_the_week_shows_waits_and_its_file_holds_every_hour(began, make_agent, signed_in):
    at = (now() - timedelta(hours=2)).replace(minute=10)  # asked and answered within one hour of the clock
    began(at, first_replied_at=at + timedelta(minutes=12))
    for ago in range(2):
        sum_day((now() - timedelta(days=ago)).date())
    desk = signed_in(make_agent("boss", role="supervisor", badge="9"))
    page = desk.get("/desk/reports/?days=7&heat=wait&by=hour").content.decode()
    assert (
        'class="h5" title="12 minutes, of 1 answers">12</td>' in page
        and page.count('class="h0" title="Nothing was answered">–</td>') == 167
    )
    assert 'class="h5">1</td>' in desk.get("/desk/reports/?days=7&heat=nonsense").content.decode()
    lines = desk.get("/desk/reports/export.csv?days=7&by=week").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("weekday,hour,opened,replied,reply_seconds") and len(lines) == 1 + 7 * 24
    (line,) = [one for one in lines if ",1,1,720," in one]
    assert line.startswith(f"{at:%a},")
    assert desk.get("/desk/reports/export.csv?by=hour").content.decode("utf-8-sig").splitlines()[1].startswith("00:00,")


def test_what_is_usual_is_the_mean_of_the_days_before(began):
    today = datetime(2026, 3, 30, 9, tzinfo=UTC)
    for ago in range(1, 29):
        began(*[today - timedelta(days=ago)] * (2 if ago % 2 else 4))
        sum_day((today - timedelta(days=ago)).date())
    assert hours.usual(today.date())[9] == 3


def test_every_open_conversation_has_one_age_and_its_condition_finds_it(began):
    from kefu.conversations.matching import condition
    from kefu.text.conditions import parse

    at = now()
    began(at, *(at - timedelta(hours=n) for n in (0.5, 2, 9, 30, 100, 200, 2000)))
    began(at - timedelta(days=4), status="solved", solved_at=at)
    rows, whole = backlog.ages()
    assert [row.open for row in rows] == [2, 1, 1, 1, 1, 1, 1] and whole["n"] == 8
    for row in rows:
        assert Conversation.objects.filter(condition(parse(row.condition))).count() == row.open, row.condition


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from([SHANGHAI, NEW_YORK]))
def test_a_mail_comes_at_eight_on_the_next_day_that_fits(after, zone):
    for every, days in (("day", 2), ("week", 8), ("month", 32)):
        moment = next_time(every, after, zone)
        local = moment.astimezone(zone)
        assert after < moment <= after + timedelta(days=days) and (local.hour, local.minute) == (8, 0)
        assert every != "week" or local.weekday() == 0
        assert every != "month" or local.day == 1


def test_a_report_comes_by_mail_with_its_file_while_one_may_read_it(make_agent, began, signed_in):
    boss = make_agent("boss", role="supervisor", badge="9")
    desk = signed_in(boss)
    began(now())
    sum_day(now().date())
    assert desk.post("/desk/reports/mails/", {"days": "7", "by": "channel", "every": "day"}).status_code == 302
    desk.post("/desk/reports/mails/", {"days": "7", "by": "channel", "every": "day"})
    assert ReportMail.objects.count() == 1 and send_due() == 0
    with time_machine.travel(now() + timedelta(days=3)):
        assert send_due() == 1 and send_due() == 0
        (sent,) = mail.outbox
        assert sent.to == ["boss@staff.example"] and "Form: 1 new" in sent.body
        assert sent.attachments[0][1].lstrip("\ufeff").startswith("channel,opened")
    boss.role = "agent"
    boss.save()
    with time_machine.travel(now() + timedelta(days=9)):
        assert send_due() == 0 and len(mail.outbox) == 1


def test_nobody_ends_anothers_mail(make_agent, signed_in):
    mine = begin(make_agent("boss", role="supervisor", badge="9"), dimension="day", days=7, every="week")
    desk = signed_in(make_agent("other", role="supervisor", badge="8"))
    assert desk.post(f"/desk/reports/mails/{mine.pk}/removal/").status_code == 404
    assert f"mails/{mine.pk}/removal" not in desk.get("/desk/reports/").content.decode()


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=60))
def test_a_chart_holds_all_its_points(values):
    drawn = chart([str(n) for n in range(len(values))], [Series("one", values, "main")])
    points = [tuple(map(float, point.split(","))) for point in drawn.lines[0].points.split()]
    assert len(points) == len(values) == len(drawn.table)
    assert all(drawn.left - 1 <= x <= drawn.right + 1 and 0 <= y <= drawn.height for x, y in points)


@given(st.floats(0, 1e9))
def test_the_scale_is_round_and_not_much_too_large(value):
    assert value <= nice(value) * 1.000001 and (nice(value) <= max(4, value * 2.6))
