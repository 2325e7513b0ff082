"""The views of the inbox: a name, what belongs in it, and how many there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.conversations.models import IS_OPEN, Conversation
from kefu.people.models import Agent
from kefu.sla.models import Clock

MOST = 999  # beyond this a count says "999+": nobody works off an exact larger one, and counting on would cost more
NEWEST = ("-last_message_at", "-pk")


@dataclass(frozen=True)
class View:
    slug: str
    label: Any
    icon: str
    condition: Callable[[Agent], Q]
    order: tuple[str, ...] = NEWEST


def _open() -> Q:
    """What is to be done: not over, and not put aside."""
    return IS_OPEN & Q(snoozed_until__isnull=True)


VIEWS = (
    View(
        "waiting",
        _("Waiting"),
        "clock",
        lambda agent: Q(stage=Conversation.Stage.QUEUED) & IS_OPEN,
        ("-priority", "-tier", "queued_at", "pk"),
    ),
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
    View("followed", _("I follow"), "star", lambda agent: Q(pk__in=agent.followed.values("pk")) & IS_OPEN),
    View("snoozed", _("Put aside"), "archive", lambda agent: Q(snoozed_until__isnull=False) & IS_OPEN),
    View(
        "solved",
        _("Solved lately"),
        "check",
        lambda agent: Q(solved_at__gte=now() - timedelta(days=7)),
        ("-solved_at", "-pk"),
    ),
)
BY_SLUG = {view.slug: view for view in VIEWS}


def rows_of(view: View, agent: Agent) -> "QuerySet[Conversation]":
    """What this agent sees in a view, in no order yet."""
    return Conversation.objects.visible_to(agent).filter(view.condition(agent))  # type: ignore[attr-defined,no-any-return]


def counts(agent: Agent) -> dict[str, int]:
    """How many conversations each view holds, up to ``MOST`` + 1."""
    visible = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]  # once: it asks for the agent's teams
    return count({view.slug: visible.filter(view.condition(agent)) for view in VIEWS})


def count(wanted: "Mapping[str, QuerySet[Conversation]]") -> dict[str, int]:
    """How many rows each has, up to ``MOST`` + 1, in one query: a database need not walk through a year to say "many"."""
    found = dict.fromkeys(wanted, 0)
    parts, values, names = [], [], []
    for name, rows in wanted.items():
        try:
            sql, parameters = rows.order_by().values("pk")[: MOST + 1].query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) part)")  # noqa: S608 - as the ORM wrote it, with its parameters
        values.extend(parameters)
        names.append(name)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            found.update(zip(names, cursor.fetchone(), strict=True))
    return found


def written(number: int | None) -> str | None:
    """A count as the rail shows it."""
    return None if number is None else str(number) if number <= MOST else f"{MOST}+"
