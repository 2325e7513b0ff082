"""Promises on real conversations: started, paused, warned, missed, passed up, explained in both languages."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils.timezone import now
from django.utils.translation import override

from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.conversations.resolve import reopen, solve
from kefu.sla.content import import_sla
from kefu.sla.explain import explain
from kefu.sla.models import Clock, Policy, WorkCalendar
from kefu.sla.watch import watch


@pytest.fixture
def policy(db):
    calendar = WorkCalendar.objects.create(slug="always", names={"en": "Round the clock"})
    return Policy.objects.create(
        slug="normal", names={"en": "Normal", "zh-hans": "普通"}, calendar=calendar, first_reply=60, next_reply=30, resolution=480
    )


def ticket():
    return receive(parse("email", "mia@mail.example", topic="", text="missing", key="k1", fields={}, language="en")).conversation


def test_a_ticket_has_its_clocks_and_an_answer_meets_one_and_pauses_the_other(policy, agent, settle):
    made = ticket()
    settle()
    assert {c.kind: c.due_at - c.started for c in made.clocks.all()} == {
        "first_reply": timedelta(hours=1),
        "resolution": timedelta(hours=8),
    }
    reply(made, "Which network?", agent=agent)
    settle()
    first, resolution = made.clocks.get(kind="first_reply"), made.clocks.get(kind="resolution")
    assert first.met_at and not first.breached_at
    assert resolution.due_at is None and resolution.pauses[0][1] is None


def test_warning_then_breach_then_passed_up_each_once(policy, agent, settle):
    made = ticket()
    settle()
    start = now()
    with time_machine.travel(start + timedelta(minutes=50), tick=False):
        assert watch() == 1
        assert watch() == 0
    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        assert watch() == 1
        assert watch() == 0
    made.refresh_from_db()
    assert made.priority == 3
    assert made.priority_reasons[0]["value"] == "sla_breached"
    assert [m.data["what"] for m in made.messages.filter(data__what__startswith="sla").order_by("seq")] == [
        "sla_warned",
        "sla_breached",
        "sla_missed",
    ]
    assert made.messages.filter(data__public=True, data__what="sla_missed").exists()


def test_a_bot_talk_has_no_clocks_until_a_person_is_wanted(policy, say, settle):
    talk = say("how are you").conversation
    settle()
    assert not talk.clocks.exists()
    say("I want to talk to a human", thread=talk.uid.hex)
    settle()
    assert talk.clocks.filter(kind="first_reply").exists()


def test_a_reopened_ticket_goes_on_where_it_was(policy, agent, settle):
    made = ticket()
    start = made.created
    with time_machine.travel(start + timedelta(minutes=100), tick=False):
        solve(made, by=agent)
    with time_machine.travel(start + timedelta(minutes=400), tick=False):
        reopen(made, by=agent)
        settle()
    clock = made.clocks.get(kind="resolution")
    assert clock.met_at is None
    assert abs(clock.due_at - (start + timedelta(minutes=480 + 300))) < timedelta(seconds=2)


def test_the_first_fitting_policy_counts_and_follows_the_priority(policy, agent, settle):
    Policy.objects.create(slug="urgent", position=0, conditions="priority:urgent", calendar=policy.calendar, first_reply=15)
    policy.position = 5
    policy.save()
    made = ticket()
    settle()
    assert made.clocks.get(kind="first_reply").policy == policy
    receive(
        parse(
            "email",
            "mia@mail.example",
            topic="",
            text="my account was hacked, somebody is withdrawing",
            key="k2",
            fields={},
            language="en",
            thread=made.uid.hex,
        )
    )
    settle()
    assert made.clocks.get(kind="first_reply").policy.slug == "urgent"
    assert not made.clocks.filter(kind="resolution").exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Due", "Promised: 1:00 h by policy “Normal”", "Round the clock"]), ("zh-hans", ["到期", "承诺", "普通", "全天"])],
)
def test_a_clock_explains_itself(policy, settle, language, words):
    made = ticket()
    settle()
    with override(language):
        said = " | ".join(explain(made.clocks.get(kind="first_reply"), at=now(), language=language))
    for word in words:
        assert word in said, said


def test_the_starter_promises_load_and_their_conditions_mean_something(db, settle):
    folder = Path(__file__).parents[2] / "content"
    assert import_sla(folder) == import_sla(folder) >= 4
    made = ticket()
    settle()
    assert Clock.objects.filter(conversation=made).count() == 2
