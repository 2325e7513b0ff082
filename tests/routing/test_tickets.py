"""Tickets find somebody: by team, turn, rung; and nobody gets one back from which it was taken."""

import pytest

from kefu.channels.form.adapter import parse
from kefu.conversations.assign import take
from kefu.conversations.escalate import escalate
from kefu.conversations.receive import receive
from kefu.people.models import Team
from kefu.routing.assign import assign_tickets
from kefu.topics.models import Topic


@pytest.fixture
def funds(db):
    team = Team.objects.create(slug="funds", name="充提组")
    Topic.objects.create(slug="deposits", team=team)
    return team


def ticket(key="k", who="mia@mail.example"):
    return receive(parse("email", who, topic="deposits", text="missing", key=key, fields={}, language="en")).conversation


def test_a_ticket_goes_to_its_team_and_says_why(funds, make_agent, settle):
    other = Team.objects.create(slug="kyc", name="KYC")
    wrong, right = make_agent("kim", badge="1"), make_agent("fu", badge="2", languages=["en"])
    wrong.teams.add(other)
    right.teams.add(funds)
    made = ticket()
    settle()
    made.refresh_from_db()
    assert made.assignee == right
    entry = made.messages.get(data__what="joined")
    assert entry.data["because"] == ["team", "language", "least_busy"]


def test_a_team_that_picks_itself_keeps_its_tickets(funds, make_agent):
    funds.hand_out = Team.HandOut.MANUAL
    funds.save()
    make_agent("fu")
    ticket()
    assert assign_tickets() == 0


def test_in_turn_means_whoever_rested_longest(funds, make_agent):
    funds.hand_out = Team.HandOut.ROUND_ROBIN
    funds.save()
    make_agent("one", badge="1"), make_agent("two", badge="2")
    made = [ticket(f"k{n}", f"c{n}@mail.example") for n in range(4)]
    assign_tickets()
    for one in made:
        one.refresh_from_db()
    assert [one.assignee.badge for one in made] in (["1", "2", "1", "2"], ["2", "1", "2", "1"])


def test_one_rung_up_somebody_else_who_stands_there_takes_it(funds, make_agent, settle):
    first, expert = make_agent("first", badge="1"), make_agent("expert", badge="2")
    expert.level = 2
    expert.save()
    made = ticket()
    take(made, agent=first)
    escalate(made, reason="not solved")
    settle()
    made.refresh_from_db()
    assert made.assignee == expert


def test_without_anybody_on_that_rung_it_waits(funds, make_agent, settle):
    first = make_agent("first")
    made = ticket()
    take(made, agent=first)
    escalate(made, reason="not solved")
    settle()
    made.refresh_from_db()
    assert made.assignee is None


def test_nobody_gets_more_tickets_than_there_is_room_for(funds, make_agent):
    one = make_agent("one")
    one.capacity = 1
    one.save()
    for n in range(7):
        ticket(f"k{n}", f"c{n}@mail.example")
    assert assign_tickets() == 5
