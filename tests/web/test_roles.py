"""Every address as every role: what the table of permissions does not give, nobody gets; nothing fails on the way."""

import re

import pytest
from django.urls import get_resolver

from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive
from kefu.people.models import Team, User
from kefu.people.permissions import ACTS, may

ROLES = ["agent", "supervisor", "editor", "administrator", "auditor"]
STAFF = ("desk/", "studio/")
FILLED = {
    "pk": "999999",
    "uid": "00000000-0000-7000-8000-000000000000",
    "slug": "nothing",
    "language": "en",
    "translation": "999999",
    "revision": "999999",
}


def addresses(patterns=None, before=""):
    """Every pattern below the staff's roots, with its parameters filled in so that nothing exists behind them."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, path)
        elif path.startswith(STAFF):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda m: FILLED.get(m[1], "nothing"), path)


def test_nobody_comes_to_staff_pages_without_signing_in(client, db):
    found = list(addresses())
    assert len(found) > 40
    for path in found:
        for answer in (client.get(f"/{path}"), client.post(f"/{path}")):
            assert answer.status_code in {302, 401, 404, 405} and "Traceback" not in answer.content.decode(), path
            if answer.status_code == 302:
                assert "login" in answer["Location"], path


def test_customers_come_to_no_staff_page(client, db):
    client.force_login(User.objects.create_user("mia@mail.example"), backend="django.contrib.auth.backends.ModelBackend")
    for path in addresses():
        for answer in (client.get(f"/{path}"), client.post(f"/{path}")):
            assert answer.status_code in {403, 404, 405}, (path, answer.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_every_role_or_refuses_it(role, make_agent, signed_in):
    client = signed_in(make_agent(role, role=role, badge="7"))
    for path in addresses():
        for answer in (client.get(f"/{path}"), client.post(f"/{path}")):
            assert answer.status_code in {200, 204, 302, 400, 403, 404, 405, 409, 422}, (path, answer.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_may_not_answer_changes_nothing(role, make_agent, signed_in, db):
    agent = make_agent(role, role=role, badge="7")
    talk = receive(parse("email", "mia@mail.example", topic="", text="hello", key="k", fields={}, language="en")).conversation
    client = signed_in(agent)
    for act, data in (
        ("replies", {"text": "hi"}),
        ("status", {"status": "solved"}),
        ("tagging", {"tags": "x"}),
        ("assignment", {}),
        ("escalation", {"reason": "x"}),
    ):
        client.post(f"/desk/{talk.uid}/{act}/", data)
    talk.refresh_from_db()
    untouched = talk.last_seq == 1 and talk.assignee is None
    assert untouched is not may(agent, "desk.answer")


def test_a_conversation_of_another_team_does_not_exist_for_an_agent(make_agent, signed_in, db):
    mine, other = Team.objects.create(slug="mine", name="M"), Team.objects.create(slug="other", name="O")
    agent = make_agent("ann")
    agent.teams.add(mine)
    talk = receive(parse("email", "mia@mail.example", topic="", text="hello", key="k", fields={}, language="en")).conversation
    talk.team = other
    talk.save()
    client = signed_in(agent)
    assert client.get(f"/desk/{talk.uid}/").status_code == 404
    for act in (
        "replies",
        "status",
        "tagging",
        "assignment",
        "escalation",
        "merging",
        "snoozing",
        "account",
        "transfers",
        "following",
        "linking",
        "macros",
    ):
        assert client.post(f"/desk/{talk.uid}/{act}/", {"text": "x", "reason": "case"}).status_code in {404, 405}, act
    talk.refresh_from_db()
    assert talk.last_seq == 1


def test_every_act_of_the_table_is_known_to_some_role():
    assert all(roles for roles in ACTS.values())
