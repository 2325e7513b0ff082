"""The views of the inbox: a name, what belongs in it, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.conversations.models import IS_OPEN, Conversation
from kefu.people.models import Agent
from kefu.sla.models import Clock

LATELY = timedelta(days=7)
NEWEST = ("-last_message_at", "-pk")
BINNED = ("-binned_at", "-pk")


@dataclass(frozen=True)
class Looker:
    """Who looks at the desk, and when. Nothing but keys and moments, so that one statement serves everybody alike.

    ``agent`` and ``teams`` are keys; ``lately`` is where "solved lately" begins.
    """

    agent: int
    teams: tuple[int, ...]
    at: datetime
    lately: datetime


@dataclass(frozen=True)
class View:
    slug: str
    label: Any
    icon: str
    condition: Callable[[Looker], Q]
    order: tuple[str, ...] = NEWEST
    let_in: bool = False  # holds what one was let into, whosever it is; there one reads and writes notes, and no more


def _open() -> Q:
    """What is to be done: not over, and not put aside."""
    return IS_OPEN & Q(snoozed_until__isnull=True)


VIEWS = (
    View(
        "waiting",
        _("Waiting"),
        "clock",
        lambda who: Q(stage=Conversation.Stage.QUEUED) & IS_OPEN,
        ("-priority", "-tier", "queued_at", "pk"),
    ),
    View("unanswered", _("To answer"), "inbox", lambda who: Q(assignee=who.agent, waiting_since__isnull=False) & _open()),
    View("mine", _("Mine"), "user", lambda who: Q(assignee=who.agent) & _open()),
    View("team", _("My teams"), "users", lambda who: Q(team__in=who.teams) & _open()),
    View(
        "unassigned",
        _("Unassigned"),
        "hash",
        lambda who: Q(assignee=None) & ~Q(stage=Conversation.Stage.BOT) & _open(),
    ),
    View("open", _("All open"), "chat", lambda who: _open()),
    View(
        "late",
        _("Promise at risk"),
        "alert",
        lambda who: Q(pk__in=Clock.objects.filter(met_at=None, warn_at__lte=who.at, due_at__isnull=False).values("conversation")) & _open(),
    ),
    View(
        "followed",
        _("I follow"),
        "star",
        lambda who: Q(pk__in=Conversation.followers.through.objects.filter(agent=who.agent).values("conversation")) & IS_OPEN,
    ),
    View("mentioned", _("Mentions of me"), "at", lambda who: Q(), let_in=True),
    View("snoozed", _("Put aside"), "archive", lambda who: Q(snoozed_until__isnull=False) & IS_OPEN),
    View("solved", _("Solved lately"), "check", lambda who: Q(solved_at__gte=who.lately, bin=""), ("-solved_at", "-pk")),
    View("spam", _("Spam"), "shield", lambda who: Q(bin=Conversation.Bin.SPAM, binned_at__isnull=False), BINNED),
    View("trash", _("Trash"), "trash", lambda who: Q(bin=Conversation.Bin.TRASH, binned_at__isnull=False), BINNED),
)
BY_SLUG = {view.slug: view for view in VIEWS}


def looker(agent: Agent) -> Looker:
    """This agent, now."""
    at = now()
    return Looker(agent.pk, tuple(agent.team_ids()), at, at - LATELY)


def rows_of(view: View, agent: Agent) -> "QuerySet[Conversation]":
    """What this agent sees in a view, in no order yet."""
    rows = Conversation.objects.let_in(agent) if view.let_in else Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    return rows.filter(view.condition(looker(agent)))  # type: ignore[no-any-return]
