"""The rail's counts are those of the lists, for whoever looks."""

import pytest
from django.utils.timezone import now

from kefu.cli.many.fill import fill
from kefu.conversations.models import IS_OPEN, Collaborator, Conversation
from kefu.people.models import Agent, Team
from kefu.web.desk.counts import INCIDENTS, LOAD, SPIKES, UNSEEN, counts
from kefu.web.desk.views import VIEWS, rows_of


@pytest.fixture
def filled(db):
    teams = [Team.objects.create(slug=slug, name=slug) for slug in ("funds", "safety", "trading")]
    fill(60, report=lambda progress: None, days=20)
    some = Conversation.objects.order_by("pk")
    some.update(status="open", solved_at=None, closed_at=None)
    agent = Agent.objects.filter(role="agent").first()
    pks = list(some.values_list("pk", flat=True))
    for n, pk in enumerate(pks):
        values = {
            "team": [None, *teams][n % 4],
            "assignee": agent if n % 3 == 0 else None,
            "stage": ("none", "live", "queued", "bot")[n % 4],
        }
        if n % 5 == 0:
            values |= {"status": "solved", "solved_at": now(), "bin": ("", "spam", "trash")[n % 3], "binned_at": now() if n % 3 else None}
        if n % 7 == 0:
            values |= {"snoozed_until": now()}
        Conversation.objects.filter(pk=pk).update(**values)
    agent.followed.add(*pks[:20])
    for n, pk in enumerate(pks[:8]):
        Collaborator.objects.create(conversation_id=pk, agent=agent, seen_at=now() if n % 2 else None)
    return agent, teams


@pytest.mark.parametrize("role", Agent.Role.values)
@pytest.mark.parametrize("belongs", [0, 1, 3])
def test_each_view_counts_what_it_lists(role, belongs, filled):
    agent, teams = filled
    agent.role = role
    agent.save()
    agent.teams.set(teams[:belongs])
    found = counts(agent)
    assert {view.slug: found[view.slug] for view in VIEWS} == {view.slug: rows_of(view, agent).count() for view in VIEWS}
    assert (found["open"] > 0) == (role != "editor")


def test_a_load_incidents_and_spikes_come_along_in_one_query(filled, django_assert_num_queries):
    agent, _teams = filled
    counts(agent)
    with django_assert_num_queries(1):
        found = counts(agent)
    assert found[LOAD] == Conversation.objects.filter(assignee=agent, stage="live", solved_at=None).count() > 0
    assert found[UNSEEN] == Conversation.objects.filter(IS_OPEN, collaborators__agent=agent, collaborators__seen_at=None).count() > 0
    assert (found[INCIDENTS], found[SPIKES]) == (0, 0)
