"""Jobs: once, again after a failure, taken over from the dead, shown when hopeless."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.system.jobs import claim, schedule
from kefu.system.jobs.errors import PermanentError, TemporaryError
from kefu.system.jobs.models import AT_ONCE, Job
from kefu.system.jobs.queue import enqueue
from kefu.system.jobs.run import Handlers, registry, run, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def handlers(monkeypatch):
    ran = []

    def fail(error):
        raise error

    def count(jobs):
        if any(job["n"] < 0 for job in jobs):
            raise ValueError("below zero")
        ran.append(sorted(job["n"] for job in jobs))

    local = {"note": lambda text: ran.append(text), "boom": lambda: fail(RuntimeError("boom")), "never": lambda: fail(PermanentError("no"))}
    network = {"later": lambda: fail(TemporaryError("busy", retry_at=now() + timedelta(hours=1)))}
    fresh = Handlers(local, network)
    monkeypatch.setattr(registry, "local", fresh.local)
    monkeypatch.setattr(registry, "network", fresh.network)
    monkeypatch.setattr(registry, "gathered", {"count": count})
    return ran


def test_a_job_runs_once_and_is_gone(handlers):
    enqueue("note", text="a")
    work_off()
    work_off()
    assert handlers == ["a"] and not Job.objects.exists()


def test_a_failing_job_is_tried_again_later(handlers):
    enqueue("boom")
    work_off()
    job = Job.objects.get()
    assert (job.state, job.tries) == ("waiting", 1) and job.due_at > now() and "boom" in job.last_error


def test_a_hopeless_job_is_kept_where_people_see_it(handlers):
    enqueue("never")
    enqueue("unheard of")
    work_off()
    assert set(Job.objects.values_list("state", flat=True)) == {"dead"}


def test_the_other_sides_wish_when_to_come_back_is_kept(handlers):
    enqueue("later")
    work_off()
    assert Job.objects.get().due_at > now() + timedelta(minutes=50)


def test_the_job_of_a_killed_worker_runs_again_and_the_dead_ones_end_does_not_count(handlers):
    enqueue("note", text="a")
    (lost,) = claim.claim()
    Job.objects.update(leased_until=now() - timedelta(seconds=1))
    assert claim.release_expired() == 1
    Job.objects.update(due_at=now())
    (taken,) = claim.claim()
    with pytest.raises(claim.LeaseLost):
        claim.finish(lost)
    assert run(taken) and handlers == ["a"]


def test_a_unique_job_waits_only_once(handlers):
    enqueue("note", unique="u", text="a")
    enqueue("note", unique="u", text="b")
    work_off()
    enqueue("note", unique="u", text="c")
    work_off()
    assert handlers == ["a", "c"]


def test_urgent_jobs_go_first(handlers):
    enqueue("note", text="slow")
    enqueue("note", text="fast", priority=5)
    work_off()
    assert handlers == ["fast", "slow"]


def test_a_planned_slot_runs_once_however_many_clocks_there_are(handlers, monkeypatch):
    monkeypatch.setattr(schedule, "plan", {"note": timedelta(hours=1)})
    assert schedule.enqueue_due() == 1
    assert schedule.enqueue_due() == 0


def test_a_clock_that_remembers_asks_the_database_once_a_slot(handlers, monkeypatch, django_assert_num_queries):
    at, hour = now(), timedelta(hours=1)
    monkeypatch.setattr(schedule, "plan", {"note": hour})
    monkeypatch.setattr(schedule, "now", lambda: at)
    known: dict[str, int] = {}
    for taken_by_another in (False, True):
        at += hour
        assert not taken_by_another or schedule.enqueue_due() == 1
        assert schedule.enqueue_due(known) == (0 if taken_by_another else 1)
        with django_assert_num_queries(0):
            assert schedule.enqueue_due(known) == 0
    at -= 5 * hour
    assert schedule.enqueue_due(known) == 1, "a time that nobody has seen, although a later one was"


def test_jobs_that_only_count_are_done_together(handlers):
    for n in range(5):
        enqueue("count", n=n)
    work_off()
    assert handlers == [[0, 1, 2, 3, 4]] and not Job.objects.exists()


def test_one_that_cannot_be_counted_holds_up_no_other(handlers):
    for n in (-1, 1, 2):
        enqueue("count", n=n)
    work_off()
    failed = Job.objects.get()
    assert failed.args == {"n": -1} and failed.tries == 1 and "below zero" in failed.last_error
    assert sorted(n for together in handlers for n in together) == [1, 2]


def test_several_quick_jobs_are_taken_under_one_lease_and_a_slow_one_alone(handlers):
    for text in "ab":
        enqueue("note", text=text)
    enqueue("later")
    enqueue("note", text="c")
    taken = claim.claim(8, alone=registry.network)
    assert [job.args["text"] for job in taken] == ["a", "b", "c"] and len({job.lease for job in taken}) == 1
    assert [job.handler for job in claim.claim(8, alone=registry.network)] == ["later"]
    assert claim.claim(8, alone=registry.network) == []


def test_what_nobody_waits_for_gives_way_but_not_for_ever(handlers):
    enqueue("note", text="mail")
    enqueue("note", text="answer", priority=AT_ONCE)
    patience = timedelta(seconds=3)
    assert [job.args["text"] for job in claim.claim(8, giving_way=patience)] == ["answer"]
    assert claim.claim(8, giving_way=patience) == []
    assert [job.args["text"] for job in claim.claim(8, giving_way=patience, at=now() + timedelta(seconds=4))] == ["mail"]
