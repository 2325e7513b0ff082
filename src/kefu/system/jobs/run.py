"""Running one claimed job: local ones commit together with their "done", network ones hold no transaction."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.timezone import now

from kefu.system import room
from kefu.system.jobs import claim
from kefu.system.jobs.errors import PermanentError, TemporaryError
from kefu.system.jobs.models import Job
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)

Handler = Callable[..., Any]
GATHERED = 500  # jobs that are done together at most


@dataclass
class Handlers:
    """``local`` handlers only write the database: once, with their done mark. ``network`` ones may happen twice.

    ``gathered`` are local ones that get the arguments of all who wait for the same, as a list: one transaction for many.
    """

    local: Mapping[str, Handler] = field(default_factory=dict)
    network: Mapping[str, Handler] = field(default_factory=dict)
    gathered: Mapping[str, Handler] = field(default_factory=dict)


registry = Handlers()


def run(job: Job) -> bool:
    """Run a claimed job; True when it is done. Errors plan the next try and never reach the caller."""
    try:
        if handler := registry.local.get(job.handler):
            with write_turn(), transaction.atomic():
                handler(**job.args)
                claim.finish(job)
        elif handler := registry.gathered.get(job.handler):
            _run_gathered(handler, job)
        elif handler := registry.network.get(job.handler):
            handler(**job.args)
            claim.finish(job)
        else:
            raise PermanentError(f"There is no handler named {job.handler!r}.")
    except claim.LeaseLost:
        log.warning("job %s: another worker took it over", job.handler)
        return False
    except PermanentError as error:
        claim.fail(job, describe(error), permanent=True)
        log.error("job %s failed for good: %s", job.handler, type(error).__name__)
        return False
    except TemporaryError as error:
        claim.fail(job, describe(error), retry_at=error.retry_at)
        return False
    except Exception as error:
        if room.is_full(error):
            _wait_for_room(job, error)
            return False
        claim.fail(job, describe(error))
        log.exception("job %s failed", job.handler)
        return False
    return True


def _wait_for_room(job: Job, error: Exception) -> None:
    """Not the job's fault: it is not counted, however long it lasts. Where not even this can be written, the lease runs out."""
    if room.note():
        log.error("there is no room for job %s: %s", job.handler, room.lack())
    with suppress(DatabaseError):
        claim.fail(job, describe(error), retry_at=now() + timedelta(seconds=room.RETRY), counted=False)


def _run_gathered(handler: Handler, job: Job) -> None:
    """With all who wait for the same; where that fails alone, so that one that cannot be done holds up no other."""
    try:
        with write_turn(), transaction.atomic():
            handler([job.args, *claim.claim_waiting(job.handler, limit=GATHERED)])
            claim.finish(job)
    except claim.LeaseLost:
        raise
    except Exception:
        log.warning("job %s: not together, trying one alone", job.handler)
        with write_turn(), transaction.atomic():
            handler([job.args])
            claim.finish(job)


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def work_off(limit: int = 10_000) -> int:
    """Run everything that is due now, and what it leads to; returns how many ran. For tests and one-off commands."""
    ran = 0
    while ran < limit and (jobs := claim.claim(1)):
        ran += sum(1 for job in jobs if run(job) or True)
    return ran
