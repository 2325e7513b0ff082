"""The staff at the desk: invited, given skills, let go and taken back, each with a line in the audit log."""

import re

import pytest
from django.core import mail

from kefu.channels.form.adapter import parse
from kefu.conversations.assign import take
from kefu.conversations.models import Conversation
from kefu.conversations.receive import receive
from kefu.people.models import Agent, Team, User
from kefu.people.staff import LastAdministrator, dismiss
from kefu.system.audit.models import AuditEntry

NEW = {"email": "rosa@staff.example", "alias": "罗莎", "alias_en": "Rosa", "badge": "3301", "role": "agent", "capacity": "5", "level": "1"}


@pytest.fixture
def chief(make_agent):
    return make_agent("chief", role="administrator", badge="1000", automatic=False)


@pytest.fixture
def office(client, chief, signed_in):
    return signed_in(chief)


def test_an_invited_colleague_chooses_a_password_and_signs_in(office, client):
    team = Team.objects.create(slug="funds", name="资金", name_en="Funds")
    answer = office.post("/desk/staff/new/", {**NEW, "languages": ["zh-hans", "ru"], "teams": [team.pk]})
    rosa = Agent.objects.get(badge="3301")
    assert answer.status_code == 302 and rosa.languages == ["zh-hans", "ru"] and list(rosa.teams.all()) == [team]
    assert "简体中文 · " in office.get("/desk/staff/").content.decode(), "people read names of languages, not codes"
    assert not rosa.user.has_usable_password()
    (sent,) = mail.outbox
    assert sent.to == ["rosa@staff.example"] and "3301" in sent.body
    path = re.search(r"http\S+?(/accounts/\S+)", sent.body)[1]
    office.logout()
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "a quiet harbour 7", "password2": "a quiet harbour 7"})
    rosa.user.refresh_from_db()
    assert rosa.user.check_password("a quiet harbour 7")
    client.post("/accounts/login/", {"login": "rosa@staff.example", "password": "a quiet harbour 7"})
    assert client.get("/desk/").status_code == 200
    assert AuditEntry.objects.filter(act="agent.created", subject="agent:3301").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "chief@staff.example"}, "has an account already"),
        ({"badge": "1000"}, "has this badge number"),
        ({"badge": "<b>"}, "Letters, digits and dashes only"),
        ({"alias": ""}, "required"),
        ({"role": "emperor"}, "valid choice"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"languages": ["klingon"]}, "klingon"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(office, wrong, words):
    answer = office.post("/desk/staff/new/", {**NEW, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "Rosa" in page
    assert Agent.objects.count() == 1 and User.objects.count() == 1 and not mail.outbox


def test_each_change_is_kept_with_what_it_was_before(office, make_agent):
    ann = make_agent("ann", badge="2001")
    office.post(f"/desk/staff/{ann.pk}/", {**NEW, "email": "ann@staff.example", "badge": "2001", "role": "supervisor", "capacity": "9"})
    ann.refresh_from_db()
    assert ann.role == "supervisor" and ann.capacity == 9
    changes = AuditEntry.objects.get(act="agent.changed").detail["changes"]
    assert changes["role"] == ["agent", "supervisor"] and changes["capacity"] == [4, 9] and "email" not in changes


def test_a_supervisor_plans_skills_but_gives_no_roles(make_agent, signed_in):
    lead, ann = make_agent("lead", role="supervisor", badge="1003"), make_agent("ann", badge="2001")
    desk = signed_in(lead)
    desk.post(f"/desk/staff/{ann.pk}/", {**NEW, "role": "administrator", "capacity": "7", "languages": ["en"], "takes_automatically": "on"})
    ann.refresh_from_db()
    assert (ann.capacity, ann.languages, ann.takes_automatically) == (7, ["en"], True)
    assert (ann.role, ann.badge, ann.user.email) == ("agent", "2001", "ann@staff.example")
    for path in ("staff/new/", f"staff/{ann.pk}/leaving/", f"staff/{ann.pk}/second-factor/", "staff/teams/new/"):
        assert desk.post(f"/desk/{path}", NEW).status_code == 403, path


def test_agents_see_no_staff_pages(agent, signed_in):
    assert signed_in(agent).get("/desk/staff/").status_code == 403


def test_who_leaves_is_out_at_once_and_what_they_held_finds_others(office, chief, make_agent, signed_in, client, say, settle):
    ann, bob = make_agent("ann", badge="2001", automatic=False), make_agent("bob", badge="2002", automatic=False)
    ticket = receive(parse("email", "mia@mail.example", topic="", text="no deposit", key="k", fields={}, language="en")).conversation
    say("I want to talk to a human")
    settle()
    talk = Conversation.objects.get(stage="queued")
    take(ticket, agent=ann)
    take(talk, agent=ann)
    assert signed_in(ann).get("/desk/").status_code == 200
    Agent.objects.filter(pk=bob.pk).update(takes_automatically=True)
    anns = client.session.session_key
    office.force_login(chief.user, backend="django.contrib.auth.backends.ModelBackend")
    assert office.post(f"/desk/staff/{ann.pk}/leaving/", {"active": "0"}).status_code == 302
    settle()
    client.cookies["sessionid"] = anns
    assert client.get("/desk/").status_code == 302
    ticket.refresh_from_db()
    talk.refresh_from_db()
    assert ticket.assignee == talk.assignee == bob
    office.force_login(chief.user, backend="django.contrib.auth.backends.ModelBackend")
    office.post(f"/desk/staff/{ann.pk}/leaving/", {"active": "1"})
    ann.refresh_from_db()
    assert ann.active and ann.user.is_active
    assert [e.act for e in AuditEntry.objects.filter(subject="agent:2001").order_by("pk")] == ["agent.left", "agent.taken_back"]


def test_somebody_who_can_set_things_right_is_always_left(office, chief, make_agent):
    office.post(f"/desk/staff/{chief.pk}/leaving/", {"active": "0"})
    page = office.post(f"/desk/staff/{chief.pk}/", {**NEW, "email": "chief@staff.example", "badge": "1000", "role": "agent"})
    chief.refresh_from_db()
    assert chief.active and chief.role == "administrator" and page.status_code == 422
    with pytest.raises(LastAdministrator):
        dismiss(chief)


def test_a_lost_second_factor_is_removed_and_its_owner_told(office, chief, make_agent):
    from allauth.mfa.models import Authenticator

    ann = make_agent("ann", badge="2001")
    Authenticator.objects.create(user=ann.user, type="totp", data={"secret": "x"})
    office.post(f"/desk/staff/{ann.pk}/second-factor/")
    assert not Authenticator.objects.exists() and mail.outbox[0].to == ["ann@staff.example"]
    assert office.post(f"/desk/staff/{chief.pk}/second-factor/").status_code == 403


def test_a_team_is_made_filled_and_removed_when_nothing_needs_it(office, make_agent):
    ann, bob = make_agent("ann", badge="2001"), make_agent("bob", badge="2002")
    wrong = office.post("/desk/staff/teams/new/", {"name": "资金", "hand_out": "manual", "badges": "9999"})
    assert wrong.status_code == 422 and "9999" in wrong.content.decode() and "Latin" in wrong.content.decode()
    form = {"name": "资金", "name_en": "Funds", "slug": "", "hand_out": "manual", "badges": "2002", "member": [ann.pk]}
    assert office.post("/desk/staff/teams/new/", form).status_code == 302
    team = Team.objects.get(slug="funds")
    assert set(team.agents.all()) == {ann, bob} and team.hand_out == "manual"
    assert "has members" in office.post(f"/desk/staff/teams/{team.pk}/removal/", follow=True).content.decode()
    office.post(f"/desk/staff/teams/{team.pk}/", {**form, "badges": "", "member": []})
    office.post(f"/desk/staff/teams/{team.pk}/removal/")
    assert not Team.objects.exists()
    assert [e.act for e in AuditEntry.objects.order_by("pk")] == ["team.created", "team.changed", "team.removed"]


def test_the_list_finds_people_and_does_not_ask_more_for_more(office, make_agent, django_assert_max_num_queries):
    for n in range(12):
        make_agent(f"p{n}", badge=f"50{n:02}")
    with django_assert_max_num_queries(24):
        page = office.get("/desk/staff/").content.decode()
    assert "5011" in page
    assert "5003" in (found := office.get("/desk/staff/?q=p3@").content.decode()) and "5004" not in found
    assert "Nobody fits" in office.get("/desk/staff/?state=left").content.decode()


def test_a_number_that_somebody_has_is_not_given_out_again(db, make_agent, monkeypatch):
    drawn = iter([1234, 1234, 4321])
    monkeypatch.setattr("kefu.people.staff.secrets.randbelow", lambda limit: next(drawn))
    assert make_agent("ann").badge == "2234" and make_agent("bea").badge == "5321"
