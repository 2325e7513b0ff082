"""The agents at work and what they carry, and the conversations that wait, in the words of `match`."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from kefu.conversations.models import IS_OPEN, Conversation, Event, EventKind
from kefu.people.models import Agent
from kefu.people.permissions import ANSWERERS
from kefu.routing.match import Server, Waiting
from kefu.system.prepared import Values
from kefu.topics.models import Topic

ABSENT_AFTER = timedelta(minutes=3)
OVERFLOW_AFTER = timedelta(minutes=5)  # a live talk waits so long for its team; then any team may take it
TICKET_OVERFLOW_AFTER = timedelta(minutes=60)
# What an agent has to work on: whoever waits for the customer has nothing to do.
WORK = Q(status__in=[Conversation.Status.NEW, Conversation.Status.OPEN])

_somebody = Values(
    lambda since: Agent.objects.filter(active=True, presence=Agent.Presence.ONLINE, seen_at__gte=since).values_list("pk")[:1],
    Agent._meta.get_field("seen_at"),
)


def servers(*, automatic_only: bool = False) -> list[Server]:
    """Everybody who is online and whose browser was heard of lately, with the live talks they have."""
    if not _somebody.first(now() - ABSENT_AFTER):
        return []
    agents = Agent.objects.filter(
        active=True,
        presence=Agent.Presence.ONLINE,
        role__in=[role.value for role in ANSWERERS],
        seen_at__gte=now() - ABSENT_AFTER,
    ).prefetch_related("topics", "teams")
    if automatic_only:
        agents = agents.filter(takes_automatically=True)
    if not agents:
        return []
    held = Conversation.objects.filter(IS_OPEN, assignee__in=[agent.pk for agent in agents]).order_by()
    live = dict(held.filter(stage=Conversation.Stage.LIVE).values_list("assignee").annotate(n=Count("pk")))
    tickets = dict(held.filter(WORK, stage=Conversation.Stage.NONE).values_list("assignee").annotate(n=Count("pk")))
    return [
        Server(
            pk=agent.pk,
            topics=frozenset(topic.pk for topic in agent.topics.all()),
            languages=frozenset(agent.languages),
            teams=frozenset(team.pk for team in agent.teams.all()),
            capacity=agent.capacity,
            load=live.get(agent.pk, 0),
            last_assigned_at=agent.last_assigned_at,
            level=agent.rung,
            tickets=tickets.get(agent.pk, 0),
        )
        for agent in agents
    ]


def queue(limit: int = 500) -> list[Waiting]:
    """Who waits, in the order of service."""
    rows = Conversation.objects.queued()[:limit]  # type: ignore[attr-defined]
    return as_waiting(rows, overflow=OVERFLOW_AFTER)


def tickets(limit: int = 500) -> list[Waiting]:
    """Tickets that nobody has, in the order in which they should be given out."""
    rows = Conversation.objects.filter(
        IS_OPEN,
        stage=Conversation.Stage.NONE,
        assignee=None,
        status__in=[Conversation.Status.NEW, Conversation.Status.OPEN],
        waiting_since__isnull=False,
    ).order_by("-priority", "-tier", "waiting_since", "pk")
    return as_waiting(rows[:limit], overflow=TICKET_OVERFLOW_AFTER)


def as_waiting(rows: "QuerySet[Conversation]", *, overflow: timedelta) -> list[Waiting]:
    """Conversations in the words of ``match``; the number of queries does not grow with them."""
    found = list(rows.only("pk", "topic", "language", "team", "level", "waiting_since", "queued_at", "customer"))
    if not found:
        return []
    parents = dict(Topic.objects.values_list("pk", "parent_id"))
    helpers = _who_helped({c.customer_id for c in found})
    had = _who_had([c.pk for c in found if c.level > 1])
    late = now() - overflow
    return [
        Waiting(
            pk=c.pk,
            topics=lineage(c.topic_id, parents),
            language=c.language,
            team=c.team_id,
            level=c.level,
            overdue=bool((since := c.queued_at or c.waiting_since) and since < late),
            last=helpers.get(c.customer_id),
            not_agents=had.get(c.pk, frozenset()),
        )
        for c in found
    ]


def _who_helped(customers: set[int]) -> dict[int, int]:
    """By customer: the agent of the conversation that was solved last."""
    rows = Conversation.objects.filter(customer__in=customers, solved_at__isnull=False, assignee__isnull=False)
    return dict(rows.order_by("solved_at").values_list("customer_id", "assignee_id"))


def _who_had(conversations: list[int]) -> dict[int, frozenset[int]]:
    """By conversation: those from whom it was taken on its way up the ladder."""
    had: dict[int, set[int]] = {}
    rows = Event.objects.filter(conversation__in=conversations, kind=EventKind.ESCALATED)
    for pk, data in rows.values_list("conversation_id", "data"):
        if data.get("was"):
            had.setdefault(pk, set()).add(data["was"])
    return {pk: frozenset(agents) for pk, agents in had.items()}


def lineage(topic: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    """A topic and its ancestors; empty for none."""
    found: set[int] = set()
    while topic is not None and topic not in found:
        found.add(topic)
        topic = parents.get(topic)
    return frozenset(found)
