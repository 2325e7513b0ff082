"""The clock is set by hours, forth and back: nothing is lost, nothing happens twice, nothing waits until the clock has caught up."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from django.utils.translation import override

from kefu.channels.email.imap import take
from kefu.channels.email.models import Mailbox
from kefu.channels.form.adapter import parse
from kefu.conversations.models import Conversation, Message
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.people.models import Agent
from kefu.routing import present
from kefu.routing.assign import free_stranded
from kefu.sla.explain import explain
from kefu.sla.models import Policy, WorkCalendar
from kefu.sla.watch import watch
from kefu.system import live, rate, steady
from kefu.system.ids import uuid7
from kefu.system.jobs import claim, put_right, schedule
from kefu.system.jobs.models import Job, Slot
from kefu.system.jobs.queue import enqueue
from kefu.system.jobs.run import registry, work_off

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=5)


@pytest.fixture(autouse=True)
def _never_jumped(monkeypatch):
    monkeypatch.setattr(steady, "_last", None)
    monkeypatch.setattr(steady, "_jumped_at", float("-inf"))


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(now(), tick=False)
    return time_machine


@pytest.fixture
def policy(db):
    calendar = WorkCalendar.objects.create(slug="always", names={"en": "Round the clock"})
    return Policy.objects.create(slug="normal", names={"en": "Normal"}, calendar=calendar, first_reply=60, next_reply=30, resolution=480)


@pytest.fixture
def ran(monkeypatch):
    found = []
    monkeypatch.setattr(registry, "local", {**registry.local, "test.note": lambda: found.append(1)})
    return found


def test_a_jump_is_told_from_time_that_passes():
    assert [steady.look(wall=wall, monotonic=at) for wall, at in ((0, 0), (1, 1), (61, 61), (18061, 62), (18062, 63), (63, 64))] == [
        0, 0, 0, 17999, 0, -18000,
    ]  # fmt: skip
    assert not steady.steady_for(timedelta(minutes=15), monotonic=65) and steady.steady_for(timedelta(minutes=15), monotonic=64 + 901)


def test_a_job_that_was_planned_before_the_clock_was_set_back_runs_at_once(clock, ran):
    enqueue("test.note")
    enqueue("test.note", due=now() + timedelta(days=1))
    clock.shift(-HOURS)
    work_off()
    assert not ran, "this is what would last for five hours"
    put_right.put_right()
    work_off()
    assert ran == [1] and Job.objects.get().due_at > now() + timedelta(hours=24), "what is planned for a moment keeps it"
    assert put_right.put_right() == 0


def test_a_further_try_does_not_wait_for_the_old_clock(clock):
    enqueue("nobody knows this")
    Job.objects.update(tries=3, due_at=now() + timedelta(minutes=10), created=now() - timedelta(days=1))
    clock.shift(-HOURS)
    put_right.put_right(jumped_back=True)
    assert Job.objects.get().due_at <= now() + timedelta(minutes=1)


def test_the_lease_of_a_worker_that_died_ends_and_that_of_a_living_one_holds(clock, ran):
    enqueue("test.note")
    [job] = claim.claim(1)
    clock.shift(-HOURS)
    put_right.put_right()
    assert not claim.release_expired(), "it may be alive"
    clock.shift(claim.LEASE + timedelta(seconds=1))
    assert claim.release_expired() == 1
    clock.shift(timedelta(minutes=1))
    work_off()
    assert ran == [1]
    with pytest.raises(claim.LeaseLost):
        claim.finish(job)


def test_a_clock_that_jumps_ahead_lets_no_job_run_twice_to_its_end(clock, ran):
    enqueue("test.note")
    [first] = claim.claim(1)
    clock.shift(HOURS)
    claim.release_expired()
    clock.shift(timedelta(minutes=1))
    work_off()
    with pytest.raises(claim.LeaseLost):
        claim.finish(first)
    assert ran == [1] and not Job.objects.exists()


def test_periodic_work_goes_on_and_no_slot_runs_twice(clock, monkeypatch):
    monkeypatch.setattr(schedule, "plan", {"test.note": timedelta(minutes=1)})
    for _ in range(10):
        clock.shift(timedelta(minutes=1))
        schedule.enqueue_due()
    assert Slot.objects.filter(name="test.note").count() == Job.objects.count() == 10
    schedule.enqueue_due()
    assert Job.objects.count() == 10
    clock.shift(HOURS)
    schedule.enqueue_due()
    clock.shift(-2 * HOURS)
    put_right.put_right()
    for _ in range(3):
        schedule.enqueue_due()
        clock.shift(timedelta(minutes=1))
    assert Job.objects.count() == 14, "at once, and once a minute"
    clock.shift(HOURS)
    before = Job.objects.count()
    schedule.enqueue_due()
    assert Job.objects.count() == before + 1, "the time that has been there is there again"


def test_nobody_loses_a_place_in_the_queue_because_the_clock_jumped_ahead(clock, queued, monkeypatch):
    Conversation.objects.filter(pk=queued.pk).update(customer_seen_at=now())
    steady.look(wall=now().timestamp(), monotonic=0.0)
    clock.shift(HOURS)
    steady.look(wall=now().timestamp(), monotonic=1.0)
    monkeypatch.setattr("kefu.system.steady.time.monotonic", lambda: 60.0)
    assert free_stranded() == 0
    queued.refresh_from_db()
    assert queued.stage == "queued"
    monkeypatch.setattr("kefu.system.steady.time.monotonic", lambda: 16 * 60.0)
    assert free_stranded() == 1, "whoever is still away after the grace period goes on as a ticket"


def test_who_left_before_the_clock_was_set_back_is_missed_after_the_usual_while(clock, agent, queued):
    Agent.objects.filter(pk=agent.pk).update(presence="online", seen_at=now())
    Conversation.objects.filter(pk=queued.pk).update(customer_seen_at=now())
    clock.shift(-HOURS)
    free_stranded()
    assert present.servers(), "perhaps still there"
    clock.shift(timedelta(minutes=4))
    assert not present.servers()
    clock.shift(timedelta(minutes=15))
    assert free_stranded() == 1


def test_what_is_said_keeps_its_order_and_is_resumed_after_any_jump(clock, say, agent, settle):
    talk = say("I want to talk to a human", key="one").conversation
    settle()
    for step, words in ((HOURS, "two"), (-2 * HOURS, "three"), (HOURS, "four")):
        clock.shift(step)
        say(words, key=words, thread=talk.uid.hex)
        say(words, key=words, thread=talk.uid.hex)  # sent again: the answer got lost
        reply(Conversation.objects.get(pk=talk.pk), f"To {words}", agent=agent, client_key=f"to-{words}")
    said = Message.objects.filter(conversation=talk).order_by("seq")
    assert list(said.values_list("seq", flat=True)) == list(range(1, said.count() + 1))
    spoken = [one.body for one in said if one.kind in {"customer", "agent"}][1:]
    assert spoken == ["two", "To two", "three", "To three", "four", "To four"]


def test_promises_are_kept_by_an_answer_whatever_the_clock_did_meanwhile(clock, policy, say, agent, settle):
    talks = []
    for n, jump in enumerate((HOURS, -HOURS)):
        talk = receive(parse("email", f"mia{n}@mail.example", topic="", text="missing", key=f"k{n}", fields={}, language="en")).conversation
        settle()
        clock.shift(jump)
        watch()
        reply(Conversation.objects.get(pk=talk.pk), "Here I am", agent=agent, client_key=f"a{n}")
        settle()
        assert watch() == 0, "nothing is told twice"
        talks.append(talk)
    ahead, back = (talk.clocks.get(kind="first_reply") for talk in talks)
    assert ahead.met_at and ahead.breached_at
    assert back.met_at and not back.breached_at
    for talk in talks:
        assert talk.clocks.get(kind="resolution").due_at is None, "it is the customer's turn"
        with override("en"):
            assert explain(talk.clocks.get(kind="resolution"), at=now(), language="en")


def test_one_process_reads_a_mailbox_again_though_the_lease_ends_in_hours(clock):
    box = Mailbox.objects.create(name="Help", address="help@beichen.example", imap_host="mail.example")
    first, second = uuid7(), uuid7()
    assert take(box.pk, first) and not take(box.pk, second)
    clock.shift(-HOURS)
    assert take(box.pk, second)


def test_tickets_of_streams_and_limits_go_on(clock):
    ticket = live.grant([live.Watch("c/1", "customer", 3)], who="v1")
    clock.shift(-HOURS)
    assert live.ticket.read(ticket)[0] == "v1"
    clock.shift(2 * HOURS)
    assert live.ticket.read(ticket) == ("", []), "the page asks for a new one"
    for _ in range(3):
        rate.exceeded("test", "somebody", limit=3, seconds=60)
    assert rate.exceeded("test", "somebody", limit=3, seconds=60)
    clock.shift(-HOURS)
    assert not rate.exceeded("test", "somebody", limit=3, seconds=60), "nobody is locked out for hours"
