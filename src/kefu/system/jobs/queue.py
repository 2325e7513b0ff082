"""Putting work into the queue, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.system.jobs import wake
from kefu.system.jobs.models import AT_ONCE, Job
from kefu.system.prepared import insert, insert_all, insert_new


def enqueue(
    handler: str,
    *,
    due: datetime | None = None,
    priority: int = 0,
    unique: str | None = None,
    **args: Any,
) -> None:
    """Run ``handler`` (a name in ``wiring.JOBS``) with ``args`` after this transaction commits, or at ``due``.

    ``args`` must be JSON. With ``unique``, a second job of that key is not added while the first one waits.
    """
    at = now()
    job = Job(handler=handler, args=args, due_at=due or at, created=at, priority=priority, unique_key=unique)
    if unique is None:
        insert(job)
    elif not insert_new(job):
        return
    _wake(priority)


def enqueue_all(jobs: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """Several at once, each a handler with its priority and arguments, in one statement; each succeeds or fails alone."""
    at = now()
    rows = [Job(handler=handler, args=args, due_at=at, created=at, priority=priority) for handler, priority, args in jobs]
    if rows:
        insert_all(rows)
        _wake(max(row.priority for row in rows))


def _wake(priority: int) -> None:
    """Once a transaction, after its commit; whatever else it puts in line is found at the same look."""
    call = wake.now if priority >= AT_ONCE else wake.soon
    if not any(waiting[1] in (wake.now, call) for waiting in connection.run_on_commit):
        transaction.on_commit(call)


def drop_waiting(handler: str) -> int:
    """Call it first in a handler that looks at everything whatever it was called for: who waits to do the same is done.

    Only rows that are committed are dropped, and so is their cause: the caller, reading after this, sees it.
    """
    return Job.objects.filter(handler=handler, state=Job.State.WAITING, due_at__lte=now()).delete()[0]
