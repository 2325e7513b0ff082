"""Carrying out what was approved, once, however often the work is interrupted; and ending what nobody decided in time."""

from datetime import timedelta

from django.utils.timezone import now

from kefu.approvals import rules
from kefu.approvals.ask import State, end, tell_asker
from kefu.approvals.decide import may_decide
from kefu.approvals.kinds import KINDS, Declined
from kefu.approvals.models import Approval
from kefu.conversations.errors import Conflict, NotAllowed, Refused, TooLong
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.exchange.port import NotFound, Unavailable
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.system.jobs.errors import TemporaryError

PATIENCE = timedelta(minutes=15)  # how long an exchange that does not answer is asked again
AT_ONCE = 200


def carry_out(approval_id: int) -> None:
    """Job: do it, after looking again whether both may still do this. Raises TemporaryError to be tried again."""
    found = Approval.objects.select_related("conversation", "asked_by__user", "decided_by__user").get(pk=approval_id)
    if found.state != State.APPROVED:
        return
    if problem := _forbidden(found):
        _finish(found, problem)
        return
    try:
        KINDS[found.kind].do(place_of(found), found.payload, found.reason, found.asked_by, f"approval:{found.pk}")
    except Unavailable as error:
        if found.decided_at and now() - found.decided_at < PATIENCE:
            raise TemporaryError(str(error)) from None
        _finish(found, "unavailable")
    except NotFound:
        _finish(found, "not_offered")
    except Declined:
        _finish(found, "declined")
    except Conflict:
        _finish(found, "closed")
    except (NotAllowed, Refused, TooLong):
        _finish(found, "refused")
    else:
        _finish(found, "")


def expire() -> int:
    """Periodic job: end what nobody decided in time; returns how many."""
    ended = 0
    for one in Approval.objects.filter(state=State.WAITING, expires_at__lte=now()).order_by("expires_at")[:AT_ONCE]:
        try:
            end(one, State.EXPIRED)
        except Conflict:
            continue  # somebody decided meanwhile
        ended += 1
    return ended + rules.expire()


def place_of(approval: Approval) -> Conversation:
    """Where it happens: the conversation, or the one into which it was merged meanwhile."""
    talk = approval.conversation
    while talk.merged_into:
        talk = talk.merged_into
    return talk


def _forbidden(found: Approval) -> str:
    """Why it must not be done any more; empty when both may."""
    if not (found.asked_by.user.is_active and may(found.asked_by, KINDS[found.kind].act)):
        return "asker_left"
    second = found.decided_by
    if second is None or not second.user.is_active or not may_decide(found, second):
        return "second_left"
    return ""


def _finish(found: Approval, problem: str) -> None:
    state = State.FAILED if problem else State.DONE
    with locked(place_of(found).pk) as c:
        moved = Approval.objects.filter(pk=found.pk, state=State.APPROVED).update(state=state, problem=problem, ended_at=now())
        if not moved:
            return
        append_activity(c, f"approval_{state}", kind=found.kind, problem=problem)
        c.save()
        record(c, EventKind.APPROVAL, wish=found.kind, state=state)
        if problem:
            found.state = State.FAILED
            tell_asker(found, c)
        audit("system", f"approval.{state}", f"conversation:{c.number}", kind=found.kind, problem=problem)
