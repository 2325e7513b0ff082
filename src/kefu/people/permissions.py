"""What each role may do: one table, asked by everybody. Whom it may be done to is `visible_to`'s business."""

from typing import Any

from rules.permissions import add_perm, perm_exists
from rules.predicates import predicate

from kefu.people.models import Agent

Role = Agent.Role

READERS = {Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR}
ANSWERERS = {Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR}
LEADERS = {Role.SUPERVISOR, Role.ADMINISTRATOR}
EDITORS = {Role.EDITOR, Role.ADMINISTRATOR}

ACTS: dict[str, set[Role]] = {
    "desk.read": READERS,
    "desk.answer": ANSWERERS,
    "desk.assign": ANSWERERS,
    "checklist.pass": LEADERS,
    "approvals.decide": LEADERS,
    "account.freeze": ANSWERERS,
    "sender.block": ANSWERERS,
    "customer.block": LEADERS,
    "account.all": LEADERS,
    "views.share": LEADERS,
    "macros.share": LEADERS,
    "rules.write": LEADERS,
    "incidents.write": LEADERS,
    "reviews.read": READERS,
    "reviews.write": LEADERS,
    "reports.read": LEADERS | {Role.AUDITOR},
    "board.read": LEADERS | {Role.AUDITOR},
    "board.steer": LEADERS,
    "studio.read": EDITORS | {Role.SUPERVISOR, Role.AUDITOR},
    "studio.write": EDITORS | {Role.SUPERVISOR},
    "studio.publish": EDITORS,
    "staff.plan": LEADERS,
    "sessions.end": LEADERS,
    "staff.write": {Role.ADMINISTRATOR},
    "settings.write": {Role.ADMINISTRATOR},
    "audit.read": {Role.ADMINISTRATOR, Role.AUDITOR},
}


def agent_of(user: Any) -> Agent | None:
    """The active agent behind a signed-in user, or None for customers and strangers."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    agent: Agent | None = getattr(user, "agent", None)
    return agent if agent and agent.active else None


def may(agent: Agent | None, act: str) -> bool:
    """Whether ``agent`` may do ``act`` at all; raises KeyError for an act that is not in the table."""
    return agent is not None and agent.active and agent.role in ACTS[act]


def _register(act: str) -> None:
    add_perm(act, predicate(lambda user: may(agent_of(user), act), name=act))  # type: ignore[no-untyped-call]


for _act in ACTS:
    if not perm_exists(_act):  # type: ignore[no-untyped-call]
        _register(_act)
