"""The second person: approves or declines, never what one asked for oneself."""

from django.db import transaction
from django.utils.timezone import now

from kefu.approvals.ask import State, end, reason_of, tell_asker, waiting
from kefu.approvals.models import Approval
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.system.jobs.models import AT_ONCE
from kefu.system.jobs.queue import enqueue

CARRY_OUT = "approvals.carry_out.carry_out"


def may_decide(approval: Approval, agent: Agent) -> bool:
    """Whether ``agent`` may be the second person: by role, not who asked, and allowed to see the conversation."""
    if not may(agent, "approvals.decide") or agent.pk == approval.asked_by_id:
        return False
    return Conversation.objects.visible_to(agent).filter(pk=approval.conversation_id).exists()  # type: ignore[attr-defined,no-any-return]


def approve(approval: Approval, *, by: Agent, said: str = "") -> Approval:
    """Agree: a job carries it out. Raises NotAllowed, Conflict (``current``: its state) when it waits no more or its time is over."""
    if not may_decide(approval, by):
        raise NotAllowed("approvals.decide")
    with transaction.atomic(), locked(approval.conversation_id) as c:
        found = waiting(approval)
        if found.expires_at <= now():
            raise Conflict(State.EXPIRED)
        found.state, found.decided_by, found.decided_at, found.said = State.APPROVED, by, now(), reason_of(said)
        found.save()
        append_activity(c, "approval_approved", agent=by, kind=found.kind, reason=found.said)
        c.save()
        record(c, EventKind.APPROVAL, wish=found.kind, state=State.APPROVED)
        audit(str(by), "approval.approved", f"conversation:{c.number}", kind=found.kind, asked_by=str(found.asked_by), reason=found.said)
        tell_asker(found, c)
        enqueue(CARRY_OUT, priority=AT_ONCE, approval_id=found.pk, unique=f"approval:{found.pk}")
    return found


def decline(approval: Approval, *, by: Agent, said: str) -> Approval:
    """Disagree, and say why. Raises NotAllowed, ValueError without a reason, Conflict when it waits no more."""
    if not may_decide(approval, by):
        raise NotAllowed("approvals.decide")
    why = reason_of(said)
    if not why:
        raise ValueError("reason")
    return end(approval, State.DECLINED, by=by, said=why)
