"""Who and what made-up conversations belong to."""

from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import transaction

from kefu.cli.many import speech
from kefu.people.models import Agent, Team, User
from kefu.sla.models import Policy
from kefu.topics.models import Topic

TOPICS = {"withdrawals": 22, "deposits": 20, "verification": 13, "security": 9, "account": 8, "spot": 7, "derivatives": 7, "fiat": 6}
TEAM = 6  # agents


@dataclass(frozen=True)
class World:
    """``topics``: as often as each is asked about; ``agents``: ids by team's id, 0 for no team."""

    topics: list[Topic]
    agents: dict[int, list[int]]
    policy: Policy | None


def make_world(rng: Random) -> World:
    """From what there is; agents are made where a team has too few. They have no password and cannot sign in."""
    known = {topic.slug: topic for topic in Topic.objects.select_related("team")}
    weighted = [topic for slug, weight in TOPICS.items() if slug in known for topic in [known[slug]] * weight]
    topics = [*weighted, *known.values()] or [Topic.objects.create(slug="general")]
    agents: dict[int, list[int]] = {}
    for team in Team.objects.all():
        while team.agents.filter(active=True).count() < TEAM:
            _agent(rng, team)
        agents[team.pk] = list(team.agents.filter(active=True).values_list("pk", flat=True))
    everybody = list(Agent.objects.filter(active=True, role=Agent.Role.AGENT).values_list("pk", flat=True))
    agents[0] = everybody or [_agent(rng, None)]
    return World(topics, agents, Policy.objects.first())


def _agent(rng: Random, team: Team | None) -> int:
    number = 5000 + Agent.objects.count()
    names = speech.texts()["agents"]
    with transaction.atomic():
        user = User.objects.create_user(f"agent-{number}@{settings.BRAND_DOMAIN}", None, is_staff=True)
        agent = Agent.objects.create(
            user=user,
            badge=str(number),
            alias=rng.choice(names["zh-hans"]),
            alias_en=rng.choice(names["en"]),
            languages=["zh-hans", "en"],
            takes_automatically=False,
        )
        if team:
            agent.teams.add(team)
    return agent.pk
