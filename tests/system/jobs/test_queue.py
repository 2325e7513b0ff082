"""Jobs: once, again after a failure, taken over from the dead, shown when hopeless."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.system.jobs import claim, schedule
from kefu.system.jobs.errors import PermanentError, TemporaryError
from kefu.system.jobs.models import Job
from kefu.system.jobs.queue import enqueue
from kefu.system.jobs.run import Handlers, registry, run, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def handlers(monkeypatch):
    ran = []

    def fail(error):
        raise error

    local = {"note": lambda text: ran.append(text), "boom": lambda: fail(RuntimeError("boom")), "never": lambda: fail(PermanentError("no"))}
    network = {"later": lambda: fail(TemporaryError("busy", retry_at=now() + timedelta(hours=1)))}
    fresh = Handlers(local, network)
    monkeypatch.setattr(registry, "local", fresh.local)
    monkeypatch.setattr(registry, "network", fresh.network)
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
