"""The rules themselves. What makes one stricter happens at once; what loosens it needs a second person, as the acts do.

Otherwise whoever wants to act alone would switch the rule off, act, and switch it on again. Where nobody else may decide, the
machine's command line is the way (`./kefu approvals`), and the audit log says that it was taken.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import now

from kefu.approvals.ask import State, reason_of, waiting
from kefu.approvals.kinds import KINDS, hours, needed
from kefu.approvals.models import Rule, RuleChange
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.people.models import Agent
from kefu.people.permissions import ACTS, may
from kefu.system.audit.log import write as audit

MOST_HOURS = 168
WAITS = timedelta(hours=72)  # for a second person; a rule is in no hurry


class NobodyElse(ValueError):
    """Nobody but who asks may decide."""


class Setting(NamedTuple):
    """Whether a kind needs a second person, and for how many hours one is waited for."""

    needed: bool
    hours: int

    def loosens(self, before: "Setting") -> bool:
        """Whether it asks for less than ``before``: for nobody, or for somebody within a longer time."""
        return before.needed and (not self.needed or self.hours > before.hours)


def standing(kind: str) -> Setting:
    """How it is now."""
    return Setting(needed(kind), hours(kind))


def change(kind: str, wanted: Setting, *, reason: str = "", by: Agent | None) -> RuleChange | None:
    """Set it now (None), or ask for a second person where that loosens it. ``by``: None from the command line, which asks nobody.

    Raises NotAllowed, ValueError without a reason for what loosens, NobodyElse where there is no second person, and
    Conflict(``waiting``) where another change of this kind is asked for already.
    """
    if by is not None and not may(by, "settings.write"):
        raise NotAllowed("settings.write")
    with transaction.atomic():
        before = _locked(kind)
        if wanted == before:
            return None
        if by is None or not wanted.loosens(before):
            _set(kind, wanted, by="command line" if by is None else str(by))
            return None
        return _ask(kind, wanted, reason_of(reason), by)


def others_who_decide(agent: Agent) -> bool:
    """Whether anybody but ``agent`` may be the second person."""
    others = Agent.objects.filter(active=True, user__is_active=True, role__in=ACTS["approvals.decide"]).exclude(pk=agent.pk)
    return bool(others.exists())


def may_decide(asked: RuleChange, agent: Agent) -> bool:
    """Whether ``agent`` may be the second person: by role, and not who asked."""
    return may(agent, "approvals.decide") and agent.pk != asked.asked_by_id


def approve(asked: RuleChange, *, by: Agent, said: str = "") -> RuleChange:
    """Agree: it is set at once, unless whoever asked may not any more. Raises NotAllowed, Conflict when it waits no more."""
    if not may_decide(asked, by):
        raise NotAllowed("approvals.decide")
    with transaction.atomic():
        found = waiting(asked)
        if found.expires_at <= now():
            raise Conflict(State.EXPIRED)
        asker = found.asked_by
        found.problem = "" if asker.user.is_active and may(asker, "settings.write") else "asker_left"
        found.decided_by, found.decided_at = by, now()
        _end(found, State.FAILED if found.problem else State.DONE, by=by, said=reason_of(said))
        if not found.problem:
            _locked(found.kind)
            _set(found.kind, Setting(found.needed, found.hours), by=str(asker), agreed_by=str(by))
    return found


def decline(asked: RuleChange, *, by: Agent, said: str) -> RuleChange:
    """Disagree, and say why. Raises NotAllowed, ValueError without a reason, Conflict when it waits no more."""
    if not may_decide(asked, by):
        raise NotAllowed("approvals.decide")
    why = reason_of(said)
    if not why:
        raise ValueError("reason")
    with transaction.atomic():
        found = waiting(asked)
        found.decided_by, found.decided_at = by, now()
        return _end(found, State.DECLINED, by=by, said=why)


def withdraw(asked: RuleChange, *, by: Agent) -> RuleChange:
    """Who asked does not want it any more. Raises NotAllowed for anybody else, Conflict when it waits no more."""
    if asked.asked_by_id != by.pk:
        raise NotAllowed("approval")
    with transaction.atomic():
        return _end(waiting(asked), State.WITHDRAWN, by=by)


def expire() -> int:
    """End what nobody decided in time; returns how many."""
    over = list(RuleChange.objects.filter(state=State.WAITING, expires_at__lte=now()).order_by("expires_at"))
    for one in over:
        with transaction.atomic():
            _end(one, State.EXPIRED)
    return len(over)


def _ask(kind: str, wanted: Setting, why: str, by: Agent) -> RuleChange:
    there = RuleChange.objects.filter(kind=kind, state=State.WAITING).first()
    if there and Setting(there.needed, there.hours) == wanted:
        return there
    if there:
        raise Conflict("waiting")
    if not others_who_decide(by):
        raise NobodyElse(kind)
    if not why:
        raise ValueError("reason")
    made = RuleChange.objects.create(kind=kind, needed=wanted.needed, hours=wanted.hours, reason=why, asked_by=by, expires_at=now() + WAITS)
    audit(str(by), "approval.asked", f"approval:{kind}", needed=wanted.needed, hours=wanted.hours, reason=why)
    return made


def _locked(kind: str) -> Setting:
    """How it is now, and nobody else changes it before the caller's transaction ends."""
    Rule.objects.get_or_create(kind=kind, defaults={"needed": KINDS[kind].needed, "hours": KINDS[kind].hours})
    row = Rule.objects.select_for_update().get(kind=kind)
    return Setting(row.needed, row.hours)


def _set(kind: str, wanted: Setting, *, by: str, **details: str) -> None:
    Rule.objects.filter(kind=kind).update(needed=wanted.needed, hours=wanted.hours)
    audit(by, "approval.rule", f"approval:{kind}", needed=wanted.needed, hours=wanted.hours, **details)


def _end(found: RuleChange, state: str, *, by: Agent | None = None, said: str = "") -> RuleChange:
    found.state, found.said, found.ended_at = State(state), said, now()
    found.save()
    told = {"reason": said, "problem": found.problem}
    audit(str(by or "system"), f"approval.{state}", f"approval:{found.kind}", **{name: words for name, words in told.items() if words})
    return found
