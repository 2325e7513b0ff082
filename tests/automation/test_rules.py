"""Rules: what they do, that a dry run tells the truth, and that they stop."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kefu.automation.actions import BadAction, act_on, check
from kefu.automation.macros import fill, sent
from kefu.automation.models import Firing, Macro, Trigger
from kefu.automation.rules import dry_run, forget_watched, on_event, on_time
from kefu.channels.form.adapter import parse
from kefu.conversations import matching
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, Event, EventKind
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.people.models import Team
from kefu.text.conditions import CLOSED


def ticket(key="k1", text="my deposit is missing", who="mia@mail.example"):
    return receive(parse("email", who, topic="", text=text, key=key, fields={}, language="en")).conversation


@pytest.fixture
def rule(db):
    def make(event, conditions, *actions, name="Rule"):
        made = Trigger.objects.create(
            name=name, event=event, conditions=conditions, actions=[{"do": d, "value": v} for d, v in actions], active=True
        )
        forget_watched()
        return made

    return make


def test_a_rule_acts_on_what_fits_and_signs_with_its_name(rule, settle):
    rule("conversation.started", "channel:form", ("tag", "form"), ("priority", "high"), name="Forms are urgent")
    made = ticket()
    settle()
    made.refresh_from_db()
    assert made.priority == 3 and [tag.name for tag in made.tags.all()] == ["form"]
    entry = made.messages.get(data__what="rule")
    assert entry.data["name"] == "Forms are urgent" and entry.data["did"] == ["tag:form", "priority:high"]


def test_a_rule_leaves_alone_what_does_not_fit(rule, settle):
    rule("conversation.started", "channel:webchat", ("tag", "chat"))
    made = ticket()
    settle()
    assert not made.tags.exists()


def test_two_rules_that_undo_each_other_stop(rule, settle):
    rule("conversation.tagged", "tag:a", ("untag", "a"), ("tag", "b"), name="A to B")
    rule("conversation.tagged", "tag:b", ("untag", "b"), ("tag", "a"), name="B to A")
    made = ticket()
    settle()
    act_on(made, [{"do": "tag", "value": "a"}], by=None, name="start")
    settle()
    assert Firing.objects.count() <= 10
    assert made.messages.filter(data__what="rule").count() <= 11


def test_a_rule_of_time_acts_once_for_each_state(rule, agent, settle):
    rule("time", "waiting>30m", ("tag", "late"), ("note", "please look"))
    made = ticket()
    settle()
    assert on_time() == 0
    Conversation.objects.filter(pk=made.pk).update(waiting_since=now() - timedelta(hours=1))
    assert on_time() == 1
    assert on_time() == 0
    assert made.messages.filter(kind="note").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "explode", "value": "x"},
        {"do": "status", "value": "eaten"},
        {"do": "team", "value": "nobody"},
        {"do": "snooze", "value": "soon"},
        {"do": "tag", "value": ""},
    ],
)
def test_an_action_that_means_nothing_is_refused(db, wrong):
    with pytest.raises(BadAction):
        check([wrong])


def test_a_macro_speaks_the_customers_language_fills_what_it_knows_and_acts(db, agent):
    Team.objects.create(slug="funds", name="Funds")
    made = ticket()
    made.customer.name, made.fields = "Mia", {"txid": "0xabc"}
    made.customer.save(), made.save()
    macro = Macro.objects.create(
        name="Ask", texts={"en": "Hello {name}, about {field.txid} and {field.coin}: {number}", "zh-hans": "你好"},
        actions=check([{"do": "team", "value": "funds"}, {"do": "tag", "value": "asked"}]),
    )  # fmt: skip
    assert fill(macro, made, agent=agent) == f"Hello Mia, about 0xabc and {{field.coin}}: {made.number}"
    reply(made, "Hello Mia", agent=agent)
    sent(macro, made, agent=agent)
    made.refresh_from_db()
    assert made.team.slug == "funds" and made.tags.get().name == "asked"
    macro.refresh_from_db()
    assert macro.used == 1


class DryRun(TestCase):
    @settings(max_examples=25)
    @given(
        st.lists(st.tuples(st.sampled_from(["open", "pending", "solved"]), st.integers(1, 4), st.integers(0, 100)), min_size=1, max_size=6),
        st.sampled_from(["status:open", "priority>=3", "waiting>30m -status:solved", "-tag:seen", "status:open,pending tier<2"]),
    )
    def test_the_dry_run_names_those_on_which_the_real_run_acts(self, rows, conditions):
        for n, (status, priority, minutes) in enumerate(rows):
            one = ticket(f"k{n}", who=f"c{n}@mail.example")
            waiting = now() - timedelta(minutes=minutes) if status != "solved" else None
            over = now() if status == "solved" else None
            Conversation.objects.filter(pk=one.pk).update(status=status, solved_at=over, priority=priority, waiting_since=waiting)
        trigger = Trigger.objects.create(
            name="Any", event="time", conditions=conditions, actions=[{"do": "tag", "value": "acted"}], active=True
        )
        told = set(dry_run(trigger).values_list("pk", flat=True))
        on_time()
        assert told == set(Conversation.objects.filter(tags__name="acted").values_list("pk", flat=True))


KINDS = ["message.received", "conversation.status_changed", "conversation.tagged"]


class DryRunOfAnEvent(TestCase):
    @settings(max_examples=25)
    @given(
        st.lists(st.sampled_from(["open", "pending", "solved"]), min_size=1, max_size=5),
        st.lists(st.tuples(st.integers(0, 4), st.sampled_from(KINDS), st.integers(0, 14 * 24)), max_size=12),
        st.sampled_from(KINDS),
        st.sampled_from(["status:open", "-status:solved", "status:pending,solved", ""]),
    )
    def test_the_dry_run_names_those_on_which_the_rule_acts_when_it_all_happens_again(self, statuses, happened, kind, conditions):
        talks = [ticket(f"k{n}", who=f"c{n}@mail.example") for n in range(len(statuses))]
        Event.objects.all().delete()
        for talk, status in zip(talks, statuses, strict=True):
            Conversation.objects.filter(pk=talk.pk).update(status=status, solved_at=now() if status == "solved" else None)
        for which, name, hours in happened:
            event = record(talks[which % len(talks)], EventKind(name))
            Event.objects.filter(pk=event.pk).update(created=now() - timedelta(hours=hours))
        trigger = Trigger.objects.create(
            name="Any", event=kind, conditions=conditions, actions=[{"do": "tag", "value": "acted"}], active=True
        )
        told = set(dry_run(trigger, days=7).values_list("pk", flat=True))
        for event in Event.objects.filter(created__gte=now() - timedelta(days=7)).order_by("pk"):
            on_event(event)
        assert told == set(Conversation.objects.filter(tags__name="acted").values_list("pk", flat=True))


def test_the_language_of_conditions_knows_every_status_and_stage():
    assert CLOSED["status"] == set(Conversation.Status.values) and CLOSED["stage"] == set(Conversation.Stage.values)
    nothing = str(matching._is("nonsense", None))
    assert all(str(matching._is(word, None)) != nothing for word in CLOSED["is"] - {"followed"})
