"""The rules of four eyes: stricter at once, looser only with a second person, or from the machine's command line."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from kefu.approvals import rules
from kefu.approvals.carry_out import expire
from kefu.approvals.kinds import KINDS, needed
from kefu.approvals.models import Approval, RuleChange
from kefu.approvals.rules import NobodyElse, Setting, approve, change, decline, standing, withdraw
from kefu.cli import approvals as command
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.people.models import Agent
from kefu.system.audit.models import AuditEntry
from kefu.web.desk.counts import RULES, counts

State = Approval.State
OFF, LONGER = Setting(False, 24), Setting(True, 48)
HOURS = {"hours-freeze": "2", "hours-unfreeze": "24", "hours-refund": "24"}
BEGINNING = ["refund", "unfreeze"]  # what needs a second person before anybody set it otherwise

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_agent):
    return make_agent("root", role="administrator", badge="1000")


@pytest.fixture
def lead(make_agent):
    return make_agent("boss", role="supervisor", badge="1003", automatic=False)


@pytest.fixture
def wish(admin, lead):
    return change("refund", OFF, reason="Nobody abuses it", by=admin)


def test_one_person_alone_does_not_switch_it_off_or_wait_longer(wish, admin):
    change("unfreeze", LONGER, reason="Weekends", by=admin)
    assert standing("refund") == Setting(True, 24) == standing("unfreeze")
    for one in RuleChange.objects.all():
        with pytest.raises(NotAllowed):
            approve(one, by=admin)
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleChange.objects.filter(pk=one.pk).update(decided_by=admin)
    assert needed("refund") and needed("unfreeze")


@pytest.mark.parametrize("wanted", [OFF, LONGER])
def test_a_second_person_agrees_and_it_is_set(admin, lead, wanted):
    asked = change("refund", wanted, reason="Weekends", by=admin)
    assert approve(asked, by=lead, said="fine").state == State.DONE
    assert standing("refund") == wanted
    entry = AuditEntry.objects.get(act="approval.rule")
    assert (entry.who, entry.detail["agreed_by"]) == (str(admin), str(lead))
    with pytest.raises(Conflict):
        approve(asked, by=lead)


def test_what_is_stricter_asks_nobody_and_stricter_is_seen_from_what_stands(admin):
    for kind, wanted in {"freeze": Setting(True, 168), "refund": Setting(True, 1), "unfreeze": Setting(True, 23)}.items():
        assert change(kind, wanted, by=admin) is None
        assert standing(kind) == wanted
    assert not RuleChange.objects.exists()


def test_while_it_waits_it_may_become_stricter_and_what_was_seen_is_what_is_set(wish, admin, lead):
    change("refund", Setting(True, 2), by=admin)
    approve(wish, by=lead)
    assert standing("refund") == OFF


def test_the_same_wish_again_is_one_and_another_has_to_wait(wish, admin):
    assert change("refund", OFF, reason="again", by=admin) == wish
    with pytest.raises(Conflict):
        change("refund", LONGER, reason="or so", by=admin)


def test_who_may_not_decide_or_not_ask(wish, agent, make_agent, lead):
    for who in (agent, make_agent("eve", role="auditor", badge="9")):
        with pytest.raises(NotAllowed):
            approve(wish, by=who)
    with pytest.raises(NotAllowed):
        change("refund", OFF, reason="x", by=lead)


def test_without_a_reason_nothing_is_asked(admin, lead):
    with pytest.raises(ValueError, match="reason"):
        change("refund", OFF, reason="  ", by=admin)
    assert not RuleChange.objects.exists()


def test_declined_withdrawn_and_forgotten_leave_it_as_it_was(admin, lead):
    first = change("refund", OFF, reason="x", by=admin)
    with pytest.raises(ValueError, match="reason"):
        decline(first, by=lead, said=" ")
    decline(first, by=lead, said="no")
    second = change("refund", OFF, reason="x", by=admin)
    with pytest.raises(NotAllowed):
        withdraw(second, by=lead)
    withdraw(second, by=admin)
    third = change("refund", OFF, reason="x", by=admin)
    RuleChange.objects.filter(pk=third.pk).update(expires_at=now() - timedelta(minutes=1))
    with pytest.raises(Conflict):
        approve(third, by=lead)
    assert (expire(), expire()) == (1, 0)
    assert list(RuleChange.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "withdrawn", "expired"]
    assert standing("refund") == Setting(True, 24)


def test_who_left_meanwhile_has_asked_for_nothing(wish, admin, lead):
    Agent.objects.filter(pk=admin.pk).update(role="agent")
    assert approve(wish, by=lead).problem == "asker_left"
    assert needed("refund")


def test_alone_there_is_nobody_to_ask_and_the_command_line_is_the_way(admin, agent, capsys):
    with pytest.raises(NobodyElse):
        change("refund", OFF, reason="I am alone", by=admin)
    assert command.main(["refund", "off"]) == 0
    assert "refund     no second person" in capsys.readouterr().out
    assert command.main(["unfreeze", "on", "--hours", "48"]) == 0
    assert standing("refund") == OFF and standing("unfreeze") == LONGER
    assert set(AuditEntry.objects.filter(act="approval.rule").values_list("who", "subject")) == {
        ("command line", "approval:refund"),
        ("command line", "approval:unfreeze"),
    }


@pytest.mark.parametrize("arguments", [["refund"], ["refund", "on", "--hours", "0"], ["refund", "on", "--hours", "169"], ["--hours", "2"]])
def test_the_command_line_takes_nothing_half_said(arguments):
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert all(standing(code) == Setting(one.needed, one.hours) for code, one in KINDS.items())


def test_at_the_desk_it_is_asked_for_seen_and_agreed_to(admin, lead, signed_in):
    desk = signed_in(admin)
    bare = desk.post("/desk/approvals/rules/", HOURS | {"needed": "refund"})
    assert bare.status_code == 422 and "Say why" in bare.content.decode() and needed("unfreeze")
    desk.post("/desk/approvals/rules/", HOURS | {"hours-refund": "12", "needed": ["refund", "freeze"], "why": "Too slow"})
    assert standing("refund") == Setting(True, 12) and needed("freeze") and needed("unfreeze")
    asked = RuleChange.objects.get()
    own = desk.get("/desk/approvals/").content.decode()
    assert "Too slow" in own and "Take the wish back" in own and 'value="approve"' not in own
    refused = desk.post(f"/desk/approvals/rules/{asked.pk}/", {"do": "approve"})
    assert refused.status_code == 403 and needed("unfreeze")
    other = desk.post("/desk/approvals/rules/", HOURS | {"needed": BEGINNING, "hours-unfreeze": "30", "why": "x"})
    assert other.status_code == 409
    boss = signed_in(lead)
    page = boss.get("/desk/approvals/").content.decode()
    assert "Now: a second person within 24 hours. Wanted: no second person." in page
    boss.post(f"/desk/approvals/rules/{asked.pk}/", {"do": "approve", "said": "ok"})
    assert not needed("unfreeze")
    assert "Carried out" in boss.get("/desk/approvals/").content.decode()


def test_the_rail_counts_it_for_whom_it_waits(wish, admin, lead):
    assert [counts(who)[RULES] for who in (admin, lead)] == [0, 1]


def test_at_the_desk_what_was_typed_stays_and_agents_see_nothing_of_it(wish, admin, lead, agent, signed_in):
    declined = signed_in(lead).post(f"/desk/approvals/rules/{wish.pk}/", {"do": "decline", "said": ""})
    assert declined.status_code == 422
    wrong = signed_in(admin).post("/desk/approvals/rules/", HOURS | {"hours-freeze": "x", "why": "Weekends are long"})
    assert wrong.status_code == 422 and "Weekends are long" in wrong.content.decode()
    desk = signed_in(agent)
    assert "Nobody abuses it" not in desk.get("/desk/approvals/").content.decode()
    assert desk.post(f"/desk/approvals/rules/{wish.pk}/", {"do": "approve"}).status_code == 403


def test_who_is_alone_is_told_the_way(admin, signed_in):
    desk = signed_in(admin)
    page = desk.get("/desk/approvals/").content.decode()
    assert "./kefu approvals" in page and 'name="why"' not in page
    assert desk.post("/desk/approvals/rules/", HOURS | {"needed": "refund", "why": "x"}).status_code == 422
    assert needed("unfreeze")


def test_both_at_once_set_nothing_without_agreement(admin, lead):
    """A stale page, sent after somebody made it stricter, asks as well."""
    change("freeze", Setting(True, 2), by=admin)
    assert rules.change("freeze", Setting(False, 2), reason="stale", by=admin) is not None
    assert needed("freeze")
