"""The views of the inbox: a name, what belongs in it, and how many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.sla.models import Clock

OVER = (Conversation.Status.SOLVED, Conversation.Status.CLOSED)


@dataclass(frozen=True)
class View:
    slug: str
    label: Any
    icon: str
    condition: Callable[[Agent], Q]


def _open() -> Q:
    """What is to be done: not over, and not put aside."""
    return ~Q(status__in=OVER) & Q(snoozed_until__isnull=True)


VIEWS = (
    View("waiting", _("Waiting"), "clock", lambda agent: Q(stage=Conversation.Stage.QUEUED)),
    View("unanswered", _("To answer"), "inbox", lambda agent: Q(assignee=agent, waiting_since__isnull=False) & _open()),
    View("mine", _("Mine"), "user", lambda agent: Q(assignee=agent) & _open()),
    View("team", _("My teams"), "users", lambda agent: Q(team__in=agent.teams.all()) & _open()),
    View(
        "unassigned",
        _("Unassigned"),
        "hash",
        lambda agent: Q(assignee=None) & ~Q(stage=Conversation.Stage.BOT) & _open(),
    ),
    View("open", _("All open"), "chat", lambda agent: _open()),
    View(
        "late",
        _("Promise at risk"),
        "alert",
        lambda agent: (
            Q(pk__in=Clock.objects.filter(met_at=None, warn_at__lte=now(), due_at__isnull=False).values("conversation")) & _open()
        ),
    ),
    View("followed", _("I follow"), "star", lambda agent: Q(pk__in=agent.followed.values("pk")) & ~Q(status__in=OVER)),
    View("snoozed", _("Put aside"), "archive", lambda agent: Q(snoozed_until__isnull=False) & ~Q(status__in=OVER)),
    View(
        "solved",
        _("Solved lately"),
        "check",
        lambda agent: Q(status__in=OVER, solved_at__gte=now() - timedelta(days=7)),
    ),
)
BY_SLUG = {view.slug: view for view in VIEWS}


def rows_of(view: View, agent: Agent) -> "QuerySet[Conversation]":
    """What this agent sees in a view, newest activity first; the queue in the order of service."""
    rows = Conversation.objects.visible_to(agent).filter(view.condition(agent))  # type: ignore[attr-defined]
    rows = rows.select_related("customer", "assignee", "topic").prefetch_related("topic__translations")
    if view.slug == "waiting":
        return rows.order_by("-priority", "-tier", "queued_at", "pk")  # type: ignore[no-any-return]
    return rows.order_by("-last_message_at", "-pk")  # type: ignore[no-any-return]


def counts(agent: Agent) -> dict[str, int]:
    """How many conversations each view holds, in one query."""
    visible = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    return visible.aggregate(  # type: ignore[no-any-return]
        **{view.slug: Count("pk", filter=view.condition(agent), distinct=True) for view in VIEWS}
    )
