"""Sessions of staff: over after a while without a touch and after a working day; nobody is signed out in mid-work."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.people.models import User
from kefu.people.sessions import holder

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "fetch"}
POLL = {"HX-Request": "true", "HX-Target": "board", "Sec-Fetch-Mode": "cors"}
MINUTE = 60


@pytest.fixture
def clock():
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def boss(make_agent, clock):
    """A supervisor who has just signed in."""
    client = Client()
    client.force_login(make_agent("boss", role="supervisor").user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["kefu_language"] = "en"
    return client


def left(client, **form):
    return client.post("/accounts/here/", form, headers=SCRIPT) if form else client.get("/accounts/here/", headers=SCRIPT)


def test_who_leaves_the_desk_signs_in_again_and_what_was_typed_comes_back(boss, clock):
    clock.shift(29 * MINUTE)
    assert boss.get("/desk/").status_code == 200
    clock.shift(29 * MINUTE)
    assert boss.get("/desk/").status_code == 200, "opening a page counts"
    clock.shift(31 * MINUTE)
    answer = boss.post("/desk/staff/1/", {"note": "words that took ten minutes"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 401 and "words that took ten minutes" in answer.content.decode()
    assert "_auth_user_id" not in boss.session and boss.get("/desk/").status_code == 302


def test_keys_and_the_pointer_count_and_what_pages_ask_by_themselves_does_not(boss, clock):
    for _ in range(3):
        clock.shift(20 * MINUTE)
        assert left(boss, ago=5).json()["idle"] >= 30 * MINUTE - 5
    for _ in range(2):
        clock.shift(14 * MINUTE)
        assert boss.post("/desk/heartbeat/", headers=SCRIPT).status_code == 204
    assert left(boss).json()["idle"] <= 2 * MINUTE + 5
    clock.shift(3 * MINUTE)
    assert boss.post("/desk/heartbeat/", headers=SCRIPT).status_code == 401


def test_a_board_on_the_wall_goes_on_until_the_day_is_over(boss, clock, monkeypatch):
    ended = []
    monkeypatch.setattr("kefu.system.live.end", ended.append)
    key = boss.session.session_key
    for _ in range(11):
        clock.shift(60 * MINUTE)
        assert boss.get("/desk/board/", headers=POLL).status_code == 200
        assert left(boss).json()["idle"] == 0
        assert boss.get("/desk/live/", headers=SCRIPT).status_code == 401, "nothing but the board"
        assert left(boss, ago=0).status_code == 401, "it does not come to life again"
    assert ended == [holder(key)]
    clock.shift(61 * MINUTE)
    assert boss.get("/desk/board/", headers=POLL).status_code == 401 and left(boss).status_code == 401


def test_a_touch_on_the_board_of_an_idle_session_asks_to_sign_in(boss, clock):
    clock.shift(45 * MINUTE)
    assert boss.get("/desk/board/", headers=POLL).status_code == 200
    assert "/accounts/login/" in boss.get("/desk/reports/")["Location"]
    assert boss.get("/desk/board/", headers=POLL).status_code == 401


def test_a_day_is_the_most_however_busy_somebody_is(boss, clock, settings):
    settings.STAFF_SESSION_HOURS = 2
    for _ in range(7):
        clock.shift(17 * MINUTE)
        assert boss.get("/desk/").status_code == 200
    clock.shift(2 * MINUTE)
    assert boss.get("/desk/").status_code == 302


def test_a_clock_that_jumps_ahead_and_back_makes_no_session_last_longer(boss, clock):
    clock.shift(29 * MINUTE)
    boss.get("/desk/")
    clock.shift(-20 * 60 * MINUTE)
    assert boss.get("/desk/").status_code == 200, "nobody is signed out because the clock was set back"
    clock.shift(31 * MINUTE)
    assert boss.get("/desk/").status_code == 302


def test_a_session_from_before_this_rule_begins_to_count(boss, clock):
    session = boss.session
    del session["staff_began"], session["staff_used"]
    session.save()
    boss.get("/desk/")
    clock.shift(31 * MINUTE)
    assert boss.get("/desk/").status_code == 302


def test_customers_stay_signed_in_for_days(client, clock):
    client.force_login(User.objects.create_user("mia@mail.example"), backend="django.contrib.auth.backends.ModelBackend")
    clock.shift(5 * 24 * 60 * MINUTE)
    assert client.get("/accounts/").status_code == 200 and left(client).status_code == 401


def test_use_is_written_once_a_minute(boss, clock, django_assert_num_queries):
    for seconds, written in ((61, 1), (20, 0), (41, 1)):
        clock.shift(seconds)
        with CaptureQueriesContext(connection) as asked:
            assert left(boss, ago=0).status_code == 200
        assert sum(one["sql"].startswith("UPDATE") and "django_session" in one["sql"] for one in asked) == written
