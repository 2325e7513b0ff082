"""The contact page: each way's languages, hours in the reader's zone and wait; the best one for what the reader says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils.timezone import now, override
from hypothesis import given
from hypothesis import strategies as st

from kefu.conversations.models import Conversation
from kefu.people.models import Customer
from kefu.routing.promise import FEWEST
from kefu.routing.wait import Wait
from kefu.sla.models import Policy, WorkCalendar
from kefu.text.business_time import Calendar, elapsed, is_open, week_from
from kefu.web.help import ways
from kefu.web.help.recommend import LATER, NOW, PAPERS, TODAY, recommend

HERE, BUSY, NOBODY = Wait(1, 0, True, 3), Wait(9, 1200, True, 3), Wait(1, None, False, 0)


@pytest.fixture
def office(db):
    spans = [["09:00", "18:00"]]
    calendar = WorkCalendar.objects.create(slug="office", zone="Asia/Shanghai", week={str(day): spans for day in range(5)})
    Policy.objects.create(slug="normal", calendar=calendar, first_reply=60)
    return calendar


@pytest.mark.parametrize(
    ("hurry", "details", "wait", "mail", "way"),
    [
        (NOW, True, HERE, True, "webchat"),
        (NOW, True, NOBODY, True, "form"),
        (TODAY, True, HERE, True, "webchat"),
        (TODAY, True, BUSY, True, "form"),
        (TODAY, False, BUSY, True, "webchat"),
        (TODAY, False, NOBODY, True, "form"),
        (LATER, True, NOBODY, True, "webchat"),
        (PAPERS, False, HERE, True, "email"),
        (PAPERS, False, HERE, False, "form"),
    ],
)
def test_each_case_has_its_best_way(hurry, details, wait, mail, way):
    advice = recommend(hurry, has_details=details, wait=wait, has_mail=mail)
    assert advice.code == way and advice.why
    assert bool(advice.first) == (hurry == NOW)


def test_hours_are_said_by_the_readers_clock(office):
    monday = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    with override(ZoneInfo("Europe/Moscow")):  # five hours behind Shanghai
        lines = ways.hours_lines(office.hours, monday)
    assert lines[0] == ("Mon–Fri", "04:00–13:00") and lines[1] == ("Sat–Sun", "closed")
    with override(ZoneInfo("America/New_York")):  # thirteen hours behind: Shanghai's Monday begins on Sunday evening there
        lines = ways.hours_lines(office.hours, monday)
    assert lines[0] == ("Sun–Thu", "20:00–24:00") or "20:00–24:00" in lines[0][1]


@pytest.mark.parametrize("day", range(23, 30))
def test_a_week_reads_the_same_on_whatever_day_it_is_asked_for(office, day):
    with override(ZoneInfo("Asia/Shanghai")):
        lines = ways.hours_lines(office.hours, datetime(2026, 11, day, 3, 0, tzinfo=UTC))
    assert [name for name, _hours in lines] == ["Mon–Fri", "Sat–Sun"] and lines[1][1] == "closed"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York", "Pacific/Apia"])
)
def test_a_week_by_another_clock_holds_the_same_time(at, zone):
    calendar = Calendar("Europe/Berlin", {day: ((datetime(1, 1, 1, 22).time(), datetime(1, 1, 1, 0).time()),) for day in range(7)})
    moment = at.replace(tzinfo=UTC)
    for day, spans in week_from(calendar, moment, ZoneInfo(zone)):
        begin = datetime.combine(day, datetime.min.time(), ZoneInfo(zone))
        end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
        counted = elapsed(calendar, begin, end)
        said = timedelta()
        for first, last in spans:
            stop = day + timedelta(days=1) if last == datetime.min.time() else day
            said += datetime.combine(stop, last, ZoneInfo(zone)).astimezone(UTC) - datetime.combine(day, first, ZoneInfo(zone)).astimezone(
                UTC
            )
        assert said == counted
    assert is_open(calendar, moment) == (moment.astimezone(ZoneInfo("Europe/Berlin")).hour >= 22)


def test_the_page_tells_languages_hours_and_the_way(office, client, make_agent, db):
    make_agent("ru", badge="31", languages=["ru", "en"])
    client.cookies["kefu_zone"] = "Europe/Moscow"
    page = client.get("/en/contact/").content.decode()
    assert "русский" in page.lower() and "04:00–13:00" in page and "Europe/Moscow" in page and "Best for you" not in page
    page = client.get("/en/contact/?hurry=now&topic=security").content.decode()
    assert "Freeze your account first" in page and "Best for you" in page


def test_what_nobody_offers_is_no_choice(client, db):
    page = client.get("/en/contact/?hurry=nonsense&topic=nonsense").content.decode()
    assert "Best for you" not in page and "mailto:" not in page


def test_numbers_are_said_only_with_ground(client, db):
    cache.clear()
    page = client.get("/en/numbers/").content.decode()
    assert "Too few cases yet" in page
    customer = Customer.objects.create()
    began = now() - timedelta(days=1)
    Conversation.objects.bulk_create(
        Conversation(customer=customer, channel="form", created=began, first_replied_at=began + timedelta(minutes=n + 1))
        for n in range(FEWEST)
    )
    cache.clear()
    page = client.get("/en/numbers/").content.decode()
    assert "10 minutes" in page
    cache.clear()
