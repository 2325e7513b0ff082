"""What was solved before in nearly the same words is found for whoever may see it, with what solved it."""

import pytest

from kefu.conversations.assign import take
from kefu.conversations.models import Conversation
from kefu.conversations.reply import reply
from kefu.conversations.resolve import solve
from kefu.conversations.similar import similar
from kefu.people.models import Team
from kefu.text.likeness import likest
from kefu.topics.models import Topic, TopicTranslation

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(db):
    made = Topic.objects.create(slug="withdrawals")
    TopicTranslation.objects.create(topic=made, language="en", name="Withdrawals")
    return made


@pytest.fixture
def solved(say, agent, topic):
    def make(text, answer, *, who, topic=topic, **values):
        found = say(text, who=who).conversation
        Conversation.objects.filter(pk=found.pk).update(topic=topic, **values)
        found.refresh_from_db()
        take(found, agent=agent)
        reply(found, answer, agent=agent)
        solve(found, by=agent)
        return found

    return make


@pytest.fixture
def open_one(say, topic):
    found = say("My withdrawal of 12 USDT on TRC20 hangs in review", who="me").conversation
    Conversation.objects.filter(pk=found.pk).update(topic=topic)
    found.refresh_from_db()
    return found


def test_the_likest_come_first_with_the_last_words_of_staff(solved, open_one, agent):
    solved("Where do I see my fees?", "In the fee schedule.", who="a")
    right = solved("My withdrawal of 77 USDT on TRC20 hangs in review", "It was a review, and it is out now.", who="b")
    found = similar(open_one, seen_by=agent)
    assert [one.conversation for one in found] == [right]
    assert found[0].answer.body == "It was a review, and it is out now."


def test_ones_own_those_in_the_bin_and_those_without_an_answer_are_left_out(solved, say, topic, open_one, agent):
    words = "My withdrawal of 77 USDT on TRC20 hangs in review"
    solved(words, "Out now.", who="me")
    binned = solved(words, "Out now.", who="b")
    Conversation.objects.filter(pk=binned.pk).update(bin="spam")
    silent = say(words, who="c").conversation
    Conversation.objects.filter(pk=silent.pk).update(topic=topic)
    solve(silent, by=agent)
    assert similar(open_one, seen_by=agent) == []


def test_what_another_team_has_is_not_shown(solved, open_one, make_agent):
    secret = solved("My withdrawal of 77 USDT on TRC20 hangs in review", "Out now.", who="b")
    Conversation.objects.filter(pk=secret.pk).update(team=Team.objects.create(slug="vip"))
    other = make_agent("eve")
    other.teams.add(Team.objects.create(slug="funds"))
    assert similar(open_one, seen_by=other) == []
    assert similar(open_one, seen_by=make_agent("boss", role="supervisor"))[0].conversation == secret


def test_the_panel_shows_them_and_escapes_what_was_said(solved, open_one, agent, signed_in):
    other = solved("My withdrawal of 77 USDT on TRC20 hangs in review", "<b>Out</b> now.", who="b")
    client = signed_in(agent)
    assert f"/desk/{open_one.uid}/similar/" in client.get(f"/desk/{open_one.uid}/").content.decode()
    page = client.get(f"/desk/{open_one.uid}/similar/", headers={"HX-Request": "true"}).content.decode()
    assert other.number in page and "<b>Out" not in page
    assert "Nothing like it" in client.get(f"/desk/{other.uid}/similar/").content.decode()


def test_a_shared_error_code_counts_and_amounts_do_not():
    others = {1: "签名错误 50113", 2: "Where are my 500 USDT?", 3: "withdraw 900 USDT"}
    assert [key for key, _likeness in likest("error 50113 again", others, least=0.01, most=1)] == [1]
    assert likest("withdraw 12.5 USDT", others, least=0.9, most=3) == [(3, pytest.approx(1.0))]
    assert likest("anything", {}, least=0, most=3) == []
