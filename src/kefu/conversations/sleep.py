"""Asleep until something at the exchange changes; ``wake`` looks, and wakes it."""

from datetime import datetime, timedelta

from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Watch, locked
from kefu.conversations.prove import account_of
from kefu.conversations.timeline import append_activity
from kefu.exchange import states
from kefu.exchange.choose import exchange
from kefu.exchange.port import Exchange, NotFound, Unavailable
from kefu.exchange.states import Standing
from kefu.exchange.words import amount_of
from kefu.people.models import Agent
from kefu.people.permissions import may

PATIENCE = timedelta(hours=48)  # how long a customer's own wish waits before a person looks
MOST = 5  # things that one conversation waits for at once
Status, Stage = Conversation.Status, Conversation.Stage


def sleep(conversation: Conversation, *, kind: str, subject: str, by: Agent | None = None, until: datetime | None = None) -> Watch:
    """Wait for a transfer or an identity check of the customer's own account, at most ``until``.

    A ticket that an agent puts to sleep, or that nobody has yet, is on hold and out of the lists meanwhile. Both sides are
    told when it changes, or when it did not in time.

    Raises NotAllowed where no account is proven (or ``by`` may not), Conflict when it came to its end already (``current``
    is its state), is waited for already (``watched``), is over, or is being talked about live by an agent; Unavailable.
    """
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    port = exchange()
    account = account_of(conversation) if port else ""
    if port is None or not account:
        raise NotAllowed("account")
    standing = standing_of(port, kind, account, subject)
    if not standing.moves:
        raise Conflict(standing.state)
    at = now()
    with locked(conversation) as c:
        if c.is_over:
            raise Conflict(c.status)
        running = list(c.watches.filter(ended_at__isnull=True))  # type: ignore[attr-defined]
        if len(running) >= MOST or any((one.kind, one.subject) == (kind, subject) for one in running):
            raise Conflict("watched")
        if by and c.stage != Stage.NONE:
            raise Conflict(c.stage)
        watch = Watch.objects.create(
            conversation=c,
            kind=kind,
            subject=subject,
            account=account,
            label=amount_of(standing.facts) if standing.facts else "",
            state=standing.state,
            agent=by,
            until=max(until or at + PATIENCE, at + timedelta(minutes=1)),
            next_look_at=at + timedelta(seconds=30),
        )
        append_activity(c, "watched", public=True, agent=by, kind=kind, label=watch.label, until=watch.until.isoformat())
        sleeps = c.stage == Stage.NONE and (by is not None or c.assignee_id is None)
        if sleeps:
            _put_to_sleep(c, watch.until)
        c.save()
        record(c, EventKind.WATCHED, thing=kind, by="agent" if by else "customer", sleeps=sleeps)
    return watch


def stop(conversation: Conversation, *, by: Agent | None = None) -> int:
    """Wait no longer, by an agent or (without ``by``) the customer; a sleeping ticket comes back. How many were stopped."""
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        running = c.watches.filter(ended_at__isnull=True)  # type: ignore[attr-defined]
        stopped = int(running.update(ended_at=now(), outcome=Watch.Outcome.STOPPED))
        if stopped:
            append_activity(c, "watch_stopped", public=True, agent=by, by="agent" if by else "customer")
            wake_up(c, turn=Status.OPEN)
            c.save()
            record(c, EventKind.WATCH_ENDED, outcome="stopped")
    return stopped


def standing_of(port: Exchange, kind: str, account: str, subject: str) -> Standing:
    """How the thing stands now. Raises Unavailable, ValueError for another kind of thing."""
    wanted = Watch.Kind(kind)
    try:
        return states.identity(port, account) if wanted == Watch.Kind.IDENTITY else states.transfer(port, account, subject)
    except NotFound as error:
        raise Unavailable(str(error)) from None


def wake_up(c: Conversation, *, turn: Conversation.Status) -> None:
    """Back into the lists, if it slept: on us, or on the customer. The caller holds the lock and saves."""
    c.snoozed_until = None
    if c.status != Status.ON_HOLD:
        return
    before, c.status = c.status, turn
    if turn == Status.OPEN:
        c.waiting_since = c.waiting_since or now()
    record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)


def _put_to_sleep(c: Conversation, until: datetime) -> None:
    before, c.status = c.status, Status.ON_HOLD
    c.snoozed_until = until + timedelta(minutes=2)  # whoever looks at the deadline comes first
    if before != c.status:
        record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
