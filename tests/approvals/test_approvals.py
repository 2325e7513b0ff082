"""Four eyes: nothing happens before a second person agrees, and then it happens once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from kefu.approvals.ask import do, withdraw
from kefu.approvals.carry_out import PATIENCE, carry_out, expire
from kefu.approvals.decide import approve, decline
from kefu.approvals.kinds import needed
from kefu.approvals.models import Approval, Rule
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation
from kefu.conversations.resolve import close
from kefu.exchange.port import NotFound, Unavailable
from kefu.people.models import Agent, Team
from kefu.system.audit.models import AuditEntry
from kefu.system.jobs.errors import TemporaryError
from kefu.system.jobs.models import Job
from tickets import write

UID = "10000009"
State = Approval.State


@pytest.fixture
def lead(make_agent):
    return make_agent("boss", role="supervisor", badge="1003", automatic=False)


@pytest.fixture
def frozen(sandbox, db):
    sandbox.freeze(UID, reason="stolen", request_id="r")
    return write()


@pytest.fixture
def wish(frozen, agent):
    return do("unfreeze", frozen, {"account": UID}, reason="The owner is back", by=agent)


def activities(talk):
    return [one.data["what"] for one in talk.messages.filter(kind="activity").order_by("seq")]


def test_it_happens_once_a_second_person_agreed(wish, frozen, sandbox, lead, settle):
    assert sandbox.account(UID).value.is_frozen and wish.state == State.WAITING
    approve(wish, by=lead, said="Saw the document")
    assert sandbox.account(UID).value.is_frozen  # not in the request of whoever agrees: a job does it
    settle()
    wish.refresh_from_db()
    assert (wish.state, wish.decided_by, wish.said) == (State.DONE, lead, "Saw the document")
    assert not sandbox.account(UID).value.is_frozen
    assert activities(frozen) == ["approval_asked", "approval_approved", "unfrozen", "approval_done"]
    assert set(AuditEntry.objects.filter(act__startswith="approval.").values_list("act", flat=True)) == {
        "approval.asked", "approval.approved", "approval.done",
    }  # fmt: skip
    carry_out(wish.pk)
    assert activities(frozen).count("unfrozen") == 1


def test_nobody_is_their_own_second_person(frozen, sandbox, lead, agent, make_agent):
    wish = do("unfreeze", frozen, {"account": UID}, reason="I am sure", by=lead)
    for who in (lead, agent, make_agent("eve", role="auditor", badge="9")):
        with pytest.raises(NotAllowed):
            approve(wish, by=who)
        with pytest.raises(NotAllowed):
            decline(wish, by=who, said="no")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=wish.pk).update(decided_by=lead)


def test_declined_with_a_reason_it_never_happens(wish, frozen, sandbox, lead, settle):
    with pytest.raises(ValueError):
        decline(wish, by=lead, said="  ")
    decline(wish, by=lead, said="The photo is of a screen")
    with pytest.raises(Conflict):
        approve(wish, by=lead)
    settle()
    assert sandbox.account(UID).value.is_frozen and activities(frozen)[-1] == "approval_declined"


def test_whoever_asked_takes_it_back_and_nobody_else(wish, lead, agent):
    with pytest.raises(NotAllowed):
        withdraw(wish, by=lead)
    withdraw(wish, by=agent)
    with pytest.raises(Conflict):
        approve(wish, by=lead)


def test_nobody_decides_after_its_time(wish, frozen, lead):
    Approval.objects.update(expires_at=now())
    with pytest.raises(Conflict) as late:
        approve(wish, by=lead)
    assert late.value.current == State.EXPIRED
    assert (expire(), expire()) == (1, 0)
    wish.refresh_from_db()
    assert wish.state == State.EXPIRED and activities(frozen)[-1] == "approval_expired"


@pytest.mark.parametrize(("who", "problem"), [("boss", "second_left"), ("ann", "asker_left")])
def test_whoever_may_no_more_when_it_is_carried_out_stops_it(wish, frozen, sandbox, lead, settle, who, problem):
    approve(wish, by=lead)
    Agent.objects.filter(alias=who).update(active=False)
    settle()
    wish.refresh_from_db()
    assert (wish.state, wish.problem) == (State.FAILED, problem)
    assert sandbox.account(UID).value.is_frozen


def test_a_worker_killed_between_doing_and_noting_does_it_once(wish, frozen, sandbox, lead, monkeypatch):
    approve(wish, by=lead)
    asked = []
    real = sandbox.unfreeze

    def dies(uid, *, reason, request_id):
        asked.append(request_id)
        real(uid, reason=reason, request_id=request_id)
        if len(asked) == 1:
            raise SystemExit

    monkeypatch.setattr(sandbox, "unfreeze", lambda *a, **k: dies(*a, **k) or real(*a, **k))
    with pytest.raises(SystemExit):
        carry_out(wish.pk)
    carry_out(wish.pk)
    assert asked[0] == asked[1] and activities(frozen).count("unfrozen") == 1
    # Frozen again, it is another freeze for the exchange, not the one of before.
    do("freeze", frozen, {"account": UID}, reason="stolen again", by=lead)
    assert list(sandbox.frozen.values()) == [f"{frozen.number}:freeze:1"]


def test_an_exchange_that_is_away_is_asked_again_then_it_is_said(wish, frozen, sandbox, lead, monkeypatch):
    approve(wish, by=lead)

    def gone(*_args, **_values):
        raise Unavailable("away")

    monkeypatch.setattr(sandbox, "unfreeze", gone)
    with pytest.raises(TemporaryError):
        carry_out(wish.pk)
    Approval.objects.update(decided_at=now() - PATIENCE)
    carry_out(wish.pk)
    wish.refresh_from_db()
    assert (wish.state, wish.problem) == (State.FAILED, "unavailable")


def test_an_exchange_that_offers_no_such_thing_or_declines_is_said(frozen, sandbox, lead, agent, monkeypatch):
    def unknown(*_args, **_values):
        raise NotFound("unfreeze")

    for answer, problem in ((unknown, "not_offered"), (lambda *_a, **_k: sandbox._answer(False), "declined")):
        monkeypatch.setattr(sandbox, "unfreeze", answer)
        wish = do("unfreeze", frozen, {"account": UID}, reason="back", by=agent)
        approve(wish, by=lead)
        carry_out(wish.pk)
        wish.refresh_from_db()
        assert (wish.state, wish.problem) == (State.FAILED, problem)


def test_an_answer_that_promises_a_refund_goes_out_when_agreed_by_its_author(agent, lead, settle, db):
    talk = write()
    made = do("refund", talk, {"text": "We refund 20 USDT."}, reason="our mistake", by=agent, key="k")
    assert do("refund", talk, {"text": "We refund 20 USDT."}, reason="our mistake", by=agent, key="k") == made
    with pytest.raises(Conflict):
        do("refund", talk, {"text": "And 5 more."}, reason="so", by=agent, key="k2")
    settle()
    assert not talk.messages.filter(kind="agent").exists()
    approve(made, by=lead)
    settle()
    carry_out(made.pk)
    assert [(one.agent, one.body) for one in talk.messages.filter(kind="agent")] == [(agent, "We refund 20 USDT.")]


def test_it_follows_a_merge_and_ends_with_a_closed_conversation(agent, lead, settle, db):
    first, second = write(), write()
    wish = do("refund", first, {"text": "Refunded."}, reason="x", by=agent)
    merge(first, into=second, by=agent)
    approve(wish, by=lead)
    settle()
    assert second.messages.filter(kind="agent", body="Refunded.").exists()
    third = write()
    wish = do("refund", third, {"text": "Refunded."}, reason="x", by=agent)
    close(third)
    approve(wish, by=lead)
    settle()
    wish.refresh_from_db()
    assert (wish.state, wish.problem) == (State.FAILED, "closed")


def test_which_acts_need_a_second_person_is_set(frozen, sandbox, agent):
    Rule.objects.create(kind="unfreeze", needed=False, hours=1)
    Rule.objects.create(kind="freeze", needed=True, hours=3)
    assert do("unfreeze", frozen, {"account": UID}, reason="back", by=agent) is None
    assert not sandbox.account(UID).value.is_frozen
    wish = do("freeze", frozen, {"account": UID}, reason="stolen", by=agent)
    assert not sandbox.account(UID).value.is_frozen
    assert timedelta(hours=2) < wish.expires_at - now() <= timedelta(hours=3)


def test_a_wish_needs_a_reason_without_secrets_and_the_right(frozen, agent, make_agent):
    with pytest.raises(ValueError):
        do("unfreeze", frozen, {"account": UID}, reason=" ", by=agent)
    with pytest.raises(NotAllowed):
        do("unfreeze", frozen, {"account": UID}, reason="x", by=make_agent("eve", role="auditor", badge="9"))
    made = do("unfreeze", frozen, {"account": UID}, reason="his password: hunter2hunter", by=agent)
    assert "hunter2" not in made.reason and Job.objects.filter(handler__contains="carry_out").count() == 0


def test_approvals_at_the_desk(wish, frozen, agent, lead, make_agent, signed_in, settle):
    desk, page = signed_in(agent), f"/desk/{frozen.uid}/"
    assert "Take the wish back" in desk.get(page).content.decode() and "The owner is back" in desk.get("/desk/approvals/").content.decode()
    assert desk.post(f"/desk/approvals/{wish.pk}/", {"do": "approve"}).status_code == 403
    other = make_agent("bob", badge="7")
    assert signed_in(other).post(f"/desk/approvals/{wish.pk}/", {"do": "approve"}).status_code == 404
    boss = signed_in(lead)
    rail = boss.get("/desk/").content.decode()
    assert '/desk/approvals/"' in rail
    assert "Approve" in boss.get(page).content.decode()
    refused = boss.post(f"/desk/approvals/{wish.pk}/", {"do": "decline"})
    assert refused.status_code == 422 and "Say why you decline" in refused.content.decode()
    boss.post(f"/desk/approvals/{wish.pk}/", {"do": "approve", "said": "seen"})
    settle()
    shown = boss.get(page).content.decode()
    assert "Carried out: End the freeze of the account" in shown and "boss approved" in shown
    assert boss.post(f"/desk/approvals/{wish.pk}/", {"do": "approve"}).status_code == 409


def test_a_marked_answer_waits_and_keeps_what_was_typed_over_an_error(agent, signed_in, db):
    talk = write()
    desk, url = signed_in(agent), f"/desk/{talk.uid}/replies/"
    assert desk.post(url, {"text": "Tell me your password", "approve": "refund", "why": "x"}).status_code == 422
    assert "Say why" in desk.post(url, {"text": "We refund it.", "approve": "refund", "why": ""}).content.decode()
    part = desk.post(url, {"text": "We refund it.", "approve": "refund", "why": "ours", "key": "a"}, headers={"X-Requested-With": "fetch"})
    assert part.status_code == 200 and "Waiting for a second person" in part.content.decode()
    assert not talk.messages.filter(kind="agent").exists()


def test_administrators_set_what_needs_a_second_person(make_agent, lead, signed_in):
    assert signed_in(lead).post("/desk/approvals/rules/", {}).status_code == 403
    admin = signed_in(make_agent("root", role="administrator", badge="1000"))
    hours = {"hours-freeze": "2", "hours-unfreeze": "24", "hours-refund": "24"}
    wrong = admin.post("/desk/approvals/rules/", hours | {"hours-freeze": "0", "needed": "freeze"})
    assert wrong.status_code == 422 and "whole number" in wrong.content.decode()
    admin.post("/desk/approvals/rules/", hours | {"hours-refund": "12", "needed": ["freeze", "refund", "unfreeze"]})
    assert needed("freeze") and dict(Rule.objects.values_list("kind", "hours"))["refund"] == 12
    assert AuditEntry.objects.filter(act="approval.rule").count() == 2


def test_a_leader_of_another_kind_of_sight_is_no_second_person(wish, make_agent):
    """Whoever may not see the conversation cannot agree to what happens in it."""
    Conversation.objects.update(team=Team.objects.create(slug="far", name="F"))
    with pytest.raises(NotAllowed):
        approve(wish, by=make_agent("bob", badge="7"))
