"""After the clock was set back: what waits for a moment that is now hours ahead must not wait for it."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.timezone import now

from kefu.system.jobs.claim import LEASE
from kefu.system.jobs.models import Job, Slot
from kefu.system.steady import AHEAD

SHORT = timedelta(hours=1)  # a job planned for so soon waits for a while, one planned for later for a moment
AGAIN = timedelta(minutes=1)
SLOTS_AHEAD = timedelta(minutes=10)


def put_right(*, jumped_back: bool = False, at: datetime | None = None) -> int:
    """Judge by what the rows say, so that it may run in every process and at any time; returns how many were wrong.

    Leases end as if they had begun now: one whose holder lives is prolonged or finished, and fences as ever. Planned runs that were
    taken in a future that is no more are free again. ``jumped_back``: this process has seen the jump, so further tries come soon.
    """
    at = at or now()
    running, waiting = Job.objects.filter(state=Job.State.RUNNING), Job.objects.filter(state=Job.State.WAITING)
    wrong = running.filter(leased_until__gt=at + LEASE + AHEAD).update(leased_until=at + LEASE)
    wrong += waiting.filter(created__gt=at + AHEAD, due_at__lte=F("created") + SHORT).update(due_at=at, created=at)
    if jumped_back:
        wrong += waiting.filter(tries__gt=0, due_at__gt=at + AGAIN).update(due_at=at + AGAIN)
    return wrong + Slot.objects.filter(created__gt=at + SLOTS_AHEAD).delete()[0]
