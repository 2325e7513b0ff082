"""Putting work into the queue, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.system.jobs import wake
from kefu.system.jobs.models import Job


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
    enqueue_all([handler], due=due, priority=priority, unique=unique, args=args)


def enqueue_all(
    handlers: Iterable[str],
    *,
    args: dict[str, Any],
    due: datetime | None = None,
    priority: int = 0,
    unique: str | None = None,
) -> None:
    """Several handlers with the same arguments, in one statement; each succeeds or fails alone."""
    at = due or now()
    jobs = [Job(handler=handler, args=args, due_at=at, created=at, priority=priority, unique_key=unique) for handler in handlers]
    if not jobs:
        return
    Job.objects.bulk_create(jobs, ignore_conflicts=unique is not None)
    transaction.on_commit(wake.now)
