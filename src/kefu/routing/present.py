"""The agents at work and what they carry, and the conversations that wait, in the words of `match`."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.people.permissions import ANSWERERS
from kefu.routing.match import Server, Waiting
from kefu.topics.models import Topic

ABSENT_AFTER = timedelta(minutes=3)


def servers(*, automatic_only: bool = False) -> list[Server]:
    """Everybody who is online and whose browser was heard of lately, with the live talks they have."""
    agents = (
        Agent.objects.filter(
            active=True,
            presence=Agent.Presence.ONLINE,
            role__in=[role.value for role in ANSWERERS],
            seen_at__gte=now() - ABSENT_AFTER,
        )
        .annotate(load=Count("conversations", filter=Q(conversations__stage=Conversation.Stage.LIVE)))
        .prefetch_related("topics", "teams")
    )
    if automatic_only:
        agents = agents.filter(takes_automatically=True)
    return [
        Server(
            pk=agent.pk,
            topics=frozenset(topic.pk for topic in agent.topics.all()),
            languages=frozenset(agent.languages),
            teams=frozenset(team.pk for team in agent.teams.all()),
            capacity=agent.capacity,
            load=agent.load,
            last_assigned_at=agent.last_assigned_at,
        )
        for agent in agents
    ]


def queue(limit: int = 500) -> list[Waiting]:
    """Who waits, in the order of service."""
    parents = dict(Topic.objects.values_list("pk", "parent_id"))
    rows = Conversation.objects.queued().values_list("pk", "topic_id", "language", "team_id")[:limit]  # type: ignore[attr-defined]
    return [Waiting(pk, lineage(topic, parents), language, team) for pk, topic, language, team in rows]


def lineage(topic: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    """A topic and its ancestors; empty for none."""
    found: set[int] = set()
    while topic is not None and topic not in found:
        found.add(topic)
        topic = parents.get(topic)
    return frozenset(found)
