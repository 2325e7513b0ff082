"""Out of sight until a moment, or until the customer writes."""

from datetime import datetime

from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Watch, locked
from kefu.conversations.sleep import wake_up
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may


def snooze(conversation: Conversation, *, until: datetime | None, by: Agent) -> Conversation:
    """Hide it from the lists until then; None shows it again. Raises NotAllowed, Conflict when it is over or live,
    ValueError for a moment that has passed."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    if until is not None and until <= now():
        raise ValueError(until)
    with locked(conversation) as c:
        if c.is_over or (c.stage != Conversation.Stage.NONE and until is not None):
            raise Conflict(c.status if c.is_over else c.stage)
        if until is None:
            _wait_no_more(c)
        c.snoozed_until = until
        append_activity(c, "snoozed" if until else "woken", agent=by, until=until.isoformat() if until else "")
        c.save()
        record(c, EventKind.SNOOZED, until=until.isoformat() if until else "")
    return c


def _wait_no_more(c: Conversation) -> None:
    """Brought back by hand: what an agent waited for is waited for no longer; a customer's own wish stays."""
    mine = Watch.objects.filter(conversation=c, ended_at__isnull=True, agent__isnull=False)
    if mine.update(ended_at=now(), outcome=Watch.Outcome.STOPPED):
        wake_up(c, turn=Conversation.Status.OPEN)


def wake_all() -> int:
    """Periodic job: bring back what is due; returns how many."""
    woken = 0
    for pk in Conversation.objects.filter(snoozed_until__lte=now()).values_list("pk", flat=True)[:500]:
        with locked(pk) as c:
            if c.snoozed_until and c.snoozed_until <= now():
                c.snoozed_until = None
                c.last_message_at = now()
                append_activity(c, "woken", by="system")
                c.save()
                record(c, EventKind.SNOOZED, until="")
                woken += 1
    return woken
