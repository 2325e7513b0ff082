"""What staff do: take, answer, note, pass on, solve."""

import pytest

from kefu.conversations.assign import put_back, take, transfer
from kefu.conversations.errors import Conflict, NotAllowed, Refused
from kefu.conversations.models import Conversation, Message, locked
from kefu.conversations.note import note
from kefu.conversations.reply import reply
from kefu.conversations.resolve import move_to, reopen, solve
from kefu.conversations.transcript import transcript
from kefu.people.models import Team

pytestmark = pytest.mark.django_db


def test_of_two_agents_who_take_the_same_talk_one_is_told_who_was_faster(queued, make_agent):
    ann, bob = make_agent("ann"), make_agent("bob")
    take(queued, agent=ann)
    with pytest.raises(Conflict) as caught:
        take(queued, agent=bob)
    assert "ann" in caught.value.current
    take(queued, agent=ann)
    assert queued.messages.filter(kind="activity", data__what="joined").count() == 1


def test_a_reply_makes_it_the_customers_turn(queued, agent):
    reply(queued, "Good morning", agent=agent)
    queued.refresh_from_db()
    assert (queued.status, queued.stage, queued.assignee) == ("pending", "live", agent)
    assert queued.first_replied_at and queued.waiting_since is None


def test_the_same_reply_twice_is_one_message(queued, agent):
    first = reply(queued, "Good morning", agent=agent, client_key="k")
    assert reply(queued, "Good morning", agent=agent, client_key="k") == first


@pytest.mark.parametrize("text", ["Please send me your seed phrase", "请把验证码发给我"])
def test_a_reply_that_asks_for_a_secret_is_stopped(queued, agent, text):
    with pytest.raises(Refused):
        reply(queued, text, agent=agent)
    assert not queued.messages.filter(kind="agent").exists()


def test_an_auditor_and_an_editor_may_not_answer(queued, make_agent):
    for role in ("auditor", "editor"):
        with pytest.raises(NotAllowed):
            reply(queued, "hi", agent=make_agent(role, role=role))
        with pytest.raises(NotAllowed):
            take(queued, agent=make_agent(f"{role}2", role=role))


def test_a_note_is_never_public_and_not_in_the_transcript(queued, agent):
    made = note(queued, "looks like fraud", agent=agent)
    reply(queued, "We are looking into it", agent=agent)
    assert not made.is_public
    bodies = [line.body for line in transcript(queued, language="en").lines]
    assert "We are looking into it" in bodies and "looks like fraud" not in bodies


def test_passing_on_to_a_team_keeps_the_place(queued, agent):
    since = queued.queued_at
    take(queued, agent=agent)
    team = Team.objects.create(slug="kyc", name="KYC")
    transfer(queued, by=agent, team=team, note="please check")
    queued.refresh_from_db()
    assert (queued.stage, queued.assignee, queued.team, queued.queued_at) == ("queued", None, team, since)


def test_solving_twice_says_that_it_is_solved(queued, agent):
    solve(queued, by=agent)
    with pytest.raises(Conflict):
        solve(queued, by=agent)
    reopen(queued, by=agent)
    queued.refresh_from_db()
    assert queued.status == "open"


def test_whose_turn_it_is_can_be_set_but_not_solved_that_way(queued, agent):
    move_to(queued, "on_hold", by=agent)
    with pytest.raises(ValueError):
        move_to(queued, "solved", by=agent)


def test_whoever_loses_an_agent_keeps_the_place(queued, agent):
    since = queued.queued_at
    take(queued, agent=agent)
    with locked(queued) as found:
        put_back(found, why="agent_gone")
        found.save()
    queued.refresh_from_db()
    assert (queued.stage, queued.queued_at) == ("queued", since)


def test_every_entry_of_a_timeline_has_its_number(queued, agent):
    reply(queued, "a", agent=agent)
    note(queued, "b", agent=agent)
    solve(queued, by=agent)
    seqs = list(Message.objects.filter(conversation=queued).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert Conversation.objects.get(pk=queued.pk).last_seq == seqs[-1]


@pytest.mark.parametrize(
    ("role", "sees"), [("agent", True), ("supervisor", True), ("administrator", True), ("auditor", True), ("editor", False)]
)
def test_who_sees_customers(talk, make_agent, role, sees):
    assert Conversation.objects.visible_to(make_agent("x", role=role)).exists() is sees


def test_an_agent_of_a_team_does_not_see_another_teams_talks(talk, make_agent):
    mine, other = Team.objects.create(slug="a", name="A"), Team.objects.create(slug="b", name="B")
    Conversation.objects.filter(pk=talk.pk).update(team=other)
    ann = make_agent("ann", teams=[mine])
    assert not Conversation.objects.visible_to(ann).exists()
