"""Doing what may need a second person: at once, or asked for; and taking back what was asked."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.utils.timezone import now

from kefu.approvals.kinds import KINDS, hours, needed
from kefu.approvals.models import Approval, Wish
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system import live
from kefu.system.audit.log import write as audit

LONGEST = 300  # characters of a reason
State = Wish.State
Wanted = TypeVar("Wanted", bound=Wish)


def do(kind: str, conversation: Conversation, payload: Mapping[str, Any], *, reason: str, by: Agent, key: str = "") -> Approval | None:
    """Carry it out now (None), or ask for a second person where this kind needs one. The same ``key`` again is the same wish.

    The one way to these acts. Raises NotAllowed, ValueError without a reason, Conflict(``waiting``) where the same kind is asked
    for here already, and what carrying it out raises.
    """
    if not may(by, KINDS[kind].act):
        raise NotAllowed(KINDS[kind].act)
    why = reason_of(reason)
    if not why:
        raise ValueError("reason")
    if not needed(kind):
        KINDS[kind].do(conversation, payload, why, by, key)
        return None
    with locked(conversation) as c:
        if key and (there := Approval.objects.filter(conversation=c, key=key).first()):
            return there
        if Approval.objects.filter(conversation=c, kind=kind, state=State.WAITING).exists():
            raise Conflict("waiting")
        until = now() + timedelta(hours=hours(kind))
        made = Approval.objects.create(conversation=c, kind=kind, payload=dict(payload), reason=why, key=key, asked_by=by, expires_at=until)
        append_activity(c, "approval_asked", agent=by, kind=kind, reason=why)
        c.save()
        record(c, EventKind.APPROVAL, wish=kind, state=State.WAITING)
        audit(str(by), "approval.asked", f"conversation:{c.number}", kind=kind, reason=why)
    return made


def withdraw(approval: Approval, *, by: Agent) -> Approval:
    """Who asked does not want it any more. Raises NotAllowed for anybody else, Conflict when it is decided or over."""
    if approval.asked_by_id != by.pk:
        raise NotAllowed("approval")
    return end(approval, State.WITHDRAWN, by=by)


def end(approval: Approval, state: str, *, by: Agent | None = None, said: str = "") -> Approval:
    """A waiting one comes to its end without being carried out. Raises Conflict (``current``: its state) when it waits no more."""
    with transaction.atomic(), locked(approval.conversation_id) as c:
        found = waiting(approval)
        found.state, found.ended_at, found.said = State(state), now(), said
        if state == State.DECLINED:
            found.decided_by, found.decided_at = by, now()
        found.save()
        append_activity(c, f"approval_{state}", agent=by, kind=found.kind, reason=said)
        c.save()
        record(c, EventKind.APPROVAL, wish=found.kind, state=state)
        audit(str(by or "system"), f"approval.{state}", f"conversation:{c.number}", kind=found.kind, reason=said)
        tell_asker(found, c)
    return found


def tell_asker(found: Approval, c: Conversation) -> None:
    """Who asked is told wherever they are at the desk, after the commit."""
    told = {"talk": c.uid.hex, "number": c.number or "", "state": str(found.state)}
    transaction.on_commit(partial(live.whisper, f"a/{found.asked_by_id}", "decided", told))


def waiting(wish: Wanted) -> Wanted:
    """Its row, locked, in the caller's transaction. Raises Conflict (``current``: its state) when it waits no more."""
    found = type(wish)._default_manager.select_for_update(of=("self",)).get(pk=wish.pk)
    if found.state != State.WAITING:
        raise Conflict(found.state)
    return found


def reason_of(typed: str) -> str:
    """A reason as it is kept: in one line, without secrets."""
    return clear(" ".join(typed.split()))[0][:LONGEST]
