"""Taking work: a lease that fences, so that a job runs to its end once whatever is killed meanwhile."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.utils.timezone import now

from kefu.system.ids import uuid7
from kefu.system.jobs.models import AT_ONCE, Job
from kefu.system.lightly import LIGHTLY
from kefu.system.prepared import Values

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
MAX_TRIES = 12
PAUSE = timedelta(seconds=2)
TAKEN = ("id", "handler", "args", "priority", "due_at", "tries")


class LeaseLost(Exception):
    """Another run has taken this job over: whatever this one did is undone."""


def claim(limit: int = 1, *, alone: Collection[str] = (), giving_way: timedelta = timedelta(0), at: datetime | None = None) -> list[Job]:
    """Take up to ``limit`` due jobs, most urgent and oldest first, for ``LEASE``, in one statement.

    ``alone`` names the handlers that may take long: such a job is taken by itself, so that nothing waits behind it under
    the same lease. ``giving_way``: what nobody waits for before a screen is taken only if it has been due for so long. Jobs
    of a worker that died are taken again when their lease has run out.
    """
    at = at or now()
    lease, until = uuid7(), at + LEASE
    values = [
        _prepared("due_at", at),
        AT_ONCE,
        _prepared("due_at", at - giving_way),
        limit,
        _prepared("lease", lease),
        _prepared("leased_until", until),
        *alone,
        *alone,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_take(len(alone), connection.vendor), values)
        rows = cursor.fetchall()
    jobs = [_job(row, lease, until) for row in rows]
    return sorted(jobs, key=lambda job: (-job.priority, job.due_at, job.pk))


def claim_waiting(handler: str, *, limit: int, at: datetime | None = None) -> list[dict[str, Any]]:
    """Take further due jobs of ``handler`` out of the line for good and give their arguments, oldest first: whoever calls
    does their work in the same transaction, and where that fails they wait as before."""
    with connection.cursor() as cursor:
        cursor.execute(_gather(connection.vendor), [handler, _prepared("due_at", at or now()), limit])
        rows = sorted(cursor.fetchall())
    return [_converted("args", args) for _pk, args in rows]


_has_expired = Values(
    lambda at: Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=at).values_list("pk")[:1],
    Job._meta.get_field("leased_until"),
)


def release_expired(*, at: datetime | None = None) -> int:
    """Give back what dead workers held. Counts as a try, so that a job that kills its worker ends as dead; but it waits two
    seconds a try only, for mostly it was not the job's fault, and machines that restart often must not delay it for hours."""
    at = at or now()
    if not _has_expired.first(at):
        return 0
    stale = list(Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=at)[:100])
    return sum(fail(job, "The worker died or took too long.", at=at, retry_at=at + PAUSE * (job.tries + 1)) for job in stale)


def release_orphans(handlers: Collection[str], *, at: datetime | None = None) -> int:
    """Give back at once what a killed process held, instead of when its lease runs out: call where one process starts on a
    database that only it uses. Only handlers that commit together with their "done", which cannot happen twice."""
    held = list(Job.objects.filter(state=Job.State.RUNNING, handler__in=handlers)[:1000])
    return sum(fail(job, "The process ended in the middle.", at=at, retry_at=at or now()) for job in held)


def finish(job: Job) -> None:
    """Remove a done job; raises LeaseLost (and so rolls the handler back) when the lease is not ours any more."""
    # Alone it is the done mark of what may happen twice: that may get lost.
    lightly = f" AND {LIGHTLY}" if connection.vendor == "postgresql" and not connection.in_atomic_block else ""
    sql = f"DELETE FROM jobs_job WHERE id = %s AND lease = %s AND state = 'running'{lightly}"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, [job.pk, _prepared("lease", job.lease)])
        if not cursor.rowcount:
            raise LeaseLost(job.handler)


def fail(
    job: Job, error: str, *, at: datetime | None = None, permanent: bool = False, retry_at: datetime | None = None, counted: bool = True
) -> bool:
    """Plan the next try (2 s doubling to about an hour), or give up and show it to people. False: lease lost.

    ``counted``: whether it was the job's own try; one that the machine had no room for was not.
    """
    at = at or now()
    tries = job.tries + (1 if counted else 0)
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


@lru_cache(maxsize=8)
def _take(alone: int, vendor: str) -> str:
    """The first due job, and with it those after it, as far as neither is to be taken alone."""
    skip = "FOR UPDATE SKIP LOCKED" if vendor == "postgresql" else ""
    # A lease that a crash of the database takes back is taken again; what was done under it came later, and is gone with it.
    lightly = f"{LIGHTLY} AND" if vendor == "postgresql" else ""
    names = ", ".join(["%s"] * alone) or "''"
    return f"""
        WITH due AS (
            SELECT id, handler, priority, due_at FROM jobs_job WHERE state = 'waiting' AND due_at <= %s
            AND (priority >= %s OR due_at <= %s) ORDER BY priority DESC, due_at, id LIMIT %s {skip}
        ), head AS (SELECT id, handler FROM due ORDER BY priority DESC, due_at, id LIMIT 1)
        UPDATE jobs_job SET state = 'running', lease = %s, leased_until = %s, unique_key = NULL WHERE {lightly} id IN (
            SELECT due.id FROM due, head WHERE due.id = head.id OR (head.handler NOT IN ({names}) AND due.handler NOT IN ({names}))
        ) RETURNING {", ".join(TAKEN)}"""  # noqa: S608 - our own names


@lru_cache(maxsize=2)
def _gather(vendor: str) -> str:
    skip = "FOR UPDATE SKIP LOCKED" if vendor == "postgresql" else ""
    return f"""
        DELETE FROM jobs_job WHERE id IN (
            SELECT id FROM jobs_job WHERE state = 'waiting' AND handler = %s AND due_at <= %s ORDER BY id LIMIT %s {skip}
        ) RETURNING id, args"""  # noqa: S608 - our own names


def _job(row: tuple[Any, ...], lease: UUID, until: datetime) -> Job:
    values = {name: _converted(name, value) for name, value in zip(TAKEN, row, strict=True)}
    return Job(**values, state=Job.State.RUNNING, lease=lease, leased_until=until)


@lru_cache(maxsize=16)
def _field(name: str) -> "models.Field[Any, Any]":
    return Job._meta.get_field(name)  # type: ignore[return-value]


def _prepared(name: str, value: Any) -> Any:
    return _field(name).get_db_prep_save(value, connection)


def _converted(name: str, value: Any) -> Any:
    field = _field(name)
    for convert in field.get_db_converters(connection) + connection.ops.get_db_converters(field.cached_col):  # type: ignore[attr-defined]
        value = convert(value, field.cached_col, connection)  # type: ignore[attr-defined]
    return value
