"""What the rail counts: the views, the agent's live talks, incidents and spikes; all of it in one statement."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from kefu.approvals.models import Approval, RuleChange
from kefu.conversations.models import IS_OPEN, Collaborator, Conversation
from kefu.incidents.known import unsolved
from kefu.incidents.spikes import unseen
from kefu.people.models import Agent, Team
from kefu.system.prepared import Counts
from kefu.web.desk.views import VIEWS, Looker, looker

MOST = 999  # beyond this a count says "999+": nobody works off an exact larger one, and counting on would cost more
UNSEEN, LOAD, INCIDENTS, SPIKES = "unseen", "agent load", "open incidents", "unseen spikes"
APPROVALS = "wishes of others that wait for a second person"
RULES = "changes of rules that wait for one"


def counts(agent: Agent) -> dict[str, int]:
    """How many conversations each view holds (by its slug), up to ``MOST`` + 1; and beside these:

    ``UNSEEN``: of those one was named in and has not opened; ``LOAD``: live talks; ``INCIDENTS`` that are open; ``SPIKES``
    that nobody has looked at; ``APPROVALS`` and ``RULES``, which only leaders decide.
    """
    who, visible = looker(agent), Conversation.objects.visible_to(agent).query  # type: ignore[attr-defined]
    if visible.is_empty():
        return dict.fromkeys([*(view.slug for view in VIEWS), UNSEEN, LOAD, INCIDENTS, SPIKES, APPROVALS, RULES], 0)
    return _statement(bool(visible.has_filters()), len(who.teams)).run(who.agent, who.at, who.lately, *who.teams)


@lru_cache(maxsize=64)
def _statement(gated: bool, teams: int) -> Counts:
    """Agents with as many teams ask the same; working out the statement costs more than the database's answer."""
    model = Conversation._meta
    fields = (Agent._meta.get_field("id"), model.get_field("created"), model.get_field("solved_at"), *[Team._meta.get_field("id")] * teams)
    return Counts(lambda agent, at, lately, *own: _wanted(Looker(agent, own, at, lately), gated), *fields, most=MOST + 1)


def _wanted(who: Looker, gated: bool) -> "Mapping[str, QuerySet[Any]]":
    everything = Conversation.objects.all()
    visible = everything.within(who.agent, who.teams) if gated else everything  # type: ignore[attr-defined]
    named = Collaborator.objects.filter(agent=who.agent)
    let_in = everything.filter(IS_OPEN, pk__in=named.values("conversation"))
    return {
        **{view.slug: (let_in if view.let_in else visible).filter(view.condition(who)) for view in VIEWS},
        UNSEEN: everything.filter(IS_OPEN, pk__in=named.filter(seen_at=None).values("conversation")),
        LOAD: Conversation.objects.filter(assignee=who.agent, stage=Conversation.Stage.LIVE, solved_at__isnull=True),
        INCIDENTS: unsolved(),
        SPIKES: unseen(),
        APPROVALS: Approval.objects.filter(state=Approval.State.WAITING).exclude(asked_by=who.agent),
        RULES: RuleChange.objects.filter(state=Approval.State.WAITING).exclude(asked_by=who.agent),
    }


def written(number: int | None) -> str | None:
    """A count as the rail shows it."""
    return None if number is None else str(number) if number <= MOST else f"{MOST}+"
