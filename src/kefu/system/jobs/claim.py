"""Taking work: a lease that fences, so that a job runs to its end once whatever is killed meanwhile."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.system.ids import uuid7
from kefu.system.jobs.models import Job

LEASE = timedelta(seconds=60)
MAX_TRIES = 12
PAUSE = timedelta(seconds=2)


class LeaseLost(Exception):
    """Another run has taken this job over: whatever this one did is undone."""


def claim(limit: int = 1, *, at: datetime | None = None) -> list[Job]:
    """Take up to ``limit`` due jobs, most urgent and oldest first, for ``LEASE``.

    Jobs of a worker that died are taken again when their lease has run out.
    """
    at = at or now()
    lease = uuid7()
    with transaction.atomic():
        due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=at)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        jobs = list(due.order_by("-priority", "due_at", "id")[:limit])
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=Job.State.RUNNING, lease=lease, leased_until=at + LEASE, unique_key=None
        )
    for job in jobs:
        job.state, job.lease, job.leased_until = Job.State.RUNNING, lease, at + LEASE
    return jobs


def release_expired(*, at: datetime | None = None) -> int:
    """Give back what dead workers held. Counts as a try, so that a job that kills its worker ends as dead; but it waits two
    seconds a try only, for mostly it was not the job's fault, and machines that restart often must not delay it for hours."""
    at = at or now()
    stale = list(Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=at)[:100])
    return sum(fail(job, "The worker died or took too long.", at=at, retry_at=at + PAUSE * (job.tries + 1)) for job in stale)


def release_orphans(handlers: Collection[str], *, at: datetime | None = None) -> int:
    """Give back at once what a killed process held, instead of when its lease runs out: call where one process starts on a
    database that only it uses. Only handlers that commit together with their "done", which cannot happen twice."""
    held = list(Job.objects.filter(state=Job.State.RUNNING, handler__in=handlers)[:1000])
    return sum(fail(job, "The process ended in the middle.", at=at, retry_at=at or now()) for job in held)


def finish(job: Job) -> None:
    """Remove a done job; raises LeaseLost (and so rolls the handler back) when the lease is not ours any more."""
    if not Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING).delete()[0]:
        raise LeaseLost(job.handler)


def fail(job: Job, error: str, *, at: datetime | None = None, permanent: bool = False, retry_at: datetime | None = None) -> bool:
    """Plan the next try (2 s doubling to about an hour), or give up and show it to people. False: lease lost."""
    at = at or now()
    tries = job.tries + 1
    dead = permanent or tries >= MAX_TRIES
    due = retry_at or at + timedelta(seconds=min(2**tries, 3600))
    changed = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING).update(
        state=Job.State.DEAD if dead else Job.State.WAITING,
        tries=tries,
        due_at=due,
        lease=None,
        leased_until=None,
        last_error=error[:2000],
        **({"unique_key": None} if dead else {}),
    )
    return bool(changed)


def extend(job_id: int, lease: UUID, *, at: datetime | None = None) -> bool:
    """Prolong the lease of a long job; False when it was lost."""
    until = (at or now()) + LEASE
    return bool(Job.objects.filter(pk=job_id, lease=lease).update(leased_until=until))
