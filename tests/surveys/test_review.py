"""Score cards: for whoever answered, by somebody else, drawn fairly."""

import pytest
from django.utils.timezone import now

from kefu.conversations.errors import NotAllowed
from kefu.conversations.models import Conversation, Message
from kefu.people.models import Customer
from kefu.surveys.models import Rating, Review
from kefu.surveys.review import averages, review, sample


@pytest.fixture
def boss(make_agent):
    return make_agent("boss", badge="1003", role="supervisor")


def solved(agent, score=0):
    at = now()
    talk = Conversation.objects.create(
        customer=Customer.objects.create(), channel="form", status="solved", solved_at=at, first_replied_at=at, assignee=agent, last_seq=1
    )
    Message.objects.create(conversation=talk, seq=1, kind="agent", agent=agent, body="done")
    if score:
        Rating.objects.create(conversation=talk, agent=agent, score=score)
    return talk


def test_a_card_is_kept_for_whoever_answered(agent, boss):
    talk = solved(agent)
    review(talk, scores={"right": "5", "kind": "4", "safe": ""}, comment="Good.", by=boss)
    found = review(talk, scores={"right": "3", "kind": "4"}, comment="Better look.", by=boss)
    assert (found.agent, found.score, found.scores) == (agent, 3.5, {"right": 3, "kind": 4})
    assert Review.objects.count() == 1
    assert averages() == [{"agent": agent.pk, "agent__badge": agent.badge, "agent__alias": "ann", "n": 1, "mean": 3.5}]


@pytest.mark.parametrize("scores", [{}, {"right": "6"}, {"right": "0"}, {"right": "x"}, {"other": "5"}])
def test_a_card_without_sense_is_refused(agent, boss, scores):
    with pytest.raises(ValueError, match="scores|invalid literal"):
        review(solved(agent), scores=scores, comment="", by=boss)
    assert not Review.objects.exists()


def test_nobody_reviews_own_work_and_agents_review_nobody(agent, boss):
    with pytest.raises(NotAllowed):
        review(solved(boss), scores={"right": 5}, comment="", by=boss)
    with pytest.raises(NotAllowed):
        review(solved(boss), scores={"right": 5}, comment="", by=agent)


def test_where_nobody_answered_there_is_nothing_to_review(agent, boss):
    talk = solved(agent)
    talk.messages.all().delete()
    with pytest.raises(LookupError):
        review(talk, scores={"right": 5}, comment="", by=boss)


def test_the_sample_takes_everybody_in_turn_and_bad_ratings_first(agent, boss, make_agent):
    other = make_agent("bea", badge="2222")
    for _ in range(5):
        solved(agent)
    lonely, bad = solved(other), solved(agent, score=1)
    mine = solved(boss)
    found = sample(by=boss, count=3)
    assert found[0] == bad and found[1] == lonely and mine not in found


def test_at_the_desk(agent, boss, signed_in):
    talk = solved(agent)
    desk = signed_in(boss)
    assert "Score card" in desk.get(f"/desk/{talk.uid}/").content.decode()
    refused = desk.post(f"/desk/{talk.uid}/reviewing/", {"right": "9"}, headers={"HX-Request": "true"})
    assert "Give at least one score" in refused.content.decode()
    desk.post(f"/desk/{talk.uid}/reviewing/", {"right": "5", "comment": "Well said"})
    assert "Well said" in desk.get("/desk/reviews/").content.decode()
    own = signed_in(agent).get("/desk/reviews/").content.decode()
    assert "Well said" in own and "Look at these" not in own
    assert signed_in(agent).post(f"/desk/{talk.uid}/reviewing/", {"right": "5"}).status_code == 403


def test_what_all_were_told_of_an_incident_is_nobodys_work_on_the_case(agent, boss):
    talk = solved(agent)
    Message.objects.create(conversation=talk, seq=2, kind="agent", agent=boss, body="It works again.", data={"incident": "slow"})
    assert review(talk, scores={"right": "5"}, comment="", by=boss).agent == agent
