"""The palette runs what the open conversation offers, and the menu offers the same: one list, by role and state."""

import re

import pytest
from django.urls import resolve

from kefu.automation.models import Macro
from kefu.conversations.bin import throw_away
from kefu.conversations.collaborate import let_in
from kefu.conversations.models import Conversation, Tag
from kefu.conversations.resolve import solve
from kefu.incidents.models import Incident
from kefu.people.models import Team
from kefu.people.permissions import may
from kefu.web.desk.actions import actions_of
from kefu.web.desk.palette import global_actions
from tickets import write


@pytest.fixture
def ticket(db):
    return write()


@pytest.fixture
def ask(client, agent, signed_in, ticket):
    """ask("solve"): the names of what is offered for these words, in order."""
    signed_in(agent)

    def run(query="", *, talk=ticket, recent="", language="en"):
        values = {"q": query, "talk": talk.uid.hex if talk else "", "recent": recent}
        run.page = client.get("/desk/palette/", values, headers={"Accept-Language": language}).content.decode()
        return re.findall(r'data-run="([^"]+)"', run.page)

    return run


@pytest.mark.parametrize("page", ["/desk/palette/", "/desk/articles/"])
@pytest.mark.parametrize("talk", ["-" * 36, "f" * 35 + "-", "x", "\x00"])
def test_what_names_no_conversation_is_no_open_one(client, agent, signed_in, article, page, talk):
    assert signed_in(agent).get(page, {"q": "deposit", "talk": talk}).status_code == 200


def names(agent, talk, **more):
    return {one.name for one in actions_of(agent, talk, **{"guest": False, "follows": False} | more)}


def test_what_is_offered_fits_the_state(agent, ticket, make_agent):
    assert {"take", "solve", "turn:pending", "snooze:hour", "merge", "transfer", "spam"} <= names(agent, ticket)
    assert not {"reopen", "wake", "restore"} & names(agent, ticket)
    Conversation.objects.update(assignee=agent)
    assert "take" not in names(agent, Conversation.objects.get())
    solve(ticket, by=agent)
    solved = names(agent, Conversation.objects.get())
    assert "reopen" in solved and not {"take", "solve", "snooze:hour", "transfer", "let-in", "turn:open"} & solved
    throw_away(ticket, "trash", by=agent)
    binned = names(agent, Conversation.objects.get())
    assert "restore" in binned and not {"spam", "trash"} & binned


@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator", "auditor", "editor"])
def test_every_action_is_one_that_its_address_takes_from_this_role(role, make_agent, ticket):
    somebody = make_agent("eve", role=role, badge="9")
    offered = [*actions_of(somebody, ticket, guest=False, follows=False), *global_actions(somebody)]
    addresses = [one.url or one.href for one in offered if (one.url or one.href).startswith(("/desk/", "/studio/"))]
    assert all(may(somebody, resolve(address).func.act) for address in addresses)
    reader = {one.name for one in actions_of(somebody, ticket, guest=False, follows=False)}
    assert reader <= {"follow"} if role in {"auditor", "editor"} else "take" in reader


def test_each_post_of_the_menu_does_what_it_says(agent, ticket, client, signed_in):
    signed_in(agent)
    for one in actions_of(agent, ticket, guest=False, follows=False):
        if one.url and one.name not in {"solve", "spam", "trash", "block"}:
            assert client.post(one.url, one.data, headers={"HX-Request": "true"}).status_code in {200, 409}, one.name
    page = client.get(f"/desk/{ticket.uid}/").content.decode()
    assert all(f'data-dialog="{dialog}"' in page and f'id="{dialog}"' in page for dialog in ("tags", "merge", "split", "relate", "ask"))


def test_it_is_found_by_words_of_both_languages(ask):
    assert ask("take")[0] == ask("接手", language="zh-hans")[0] == "take"
    assert "take" in ask("接手") and "take" in ask("claim", language="zh-hans")
    assert ask("深色")[0] == ask("dark")[0] == "theme:dark"
    assert ask("qqqq") == [] and "Nothing is called" in ask.page


def test_colleagues_teams_tags_incidents_and_macros_are_found_and_work(ask, agent, make_agent, ticket, client):
    bob, funds = make_agent("bob", badge="2041"), Team.objects.create(slug="funds", name="资金", name_en="Funds")
    Tag.objects.create(name="tron")
    Incident.objects.create(slug="slow", titles={"en": "TRON is slow", "zh-hans": "波场拥堵"})
    macro = Macro.objects.create(name="Ask for the hash", texts={"en": "Hello {number}"})
    assert f"pass:agent:{bob.pk}" in ask("pass on 2041") and f"pass:team:{funds.pk}" in ask("assign 资金")
    assert "tag:tron" in ask("tag tro") and "incident:slow" in ask("拥堵") and "priority:4" in ask("urgent")
    assert f"macro:{macro.pk}" in ask("hash") and f"Hello {ticket.number}" in ask.page
    client.post(f"/desk/{ticket.uid}/tagging/", {"add": "tron"})
    client.post(f"/desk/{ticket.uid}/tagging/", {"add": "late"})
    assert "untag:tron" in ask("remove tron")
    client.post(f"/desk/{ticket.uid}/tagging/", {"remove": "tron"})
    assert [tag.name for tag in ticket.tags.all()] == ["late"]
    assert client.post(f"/desk/{ticket.uid}/hastening/", {"priority": "4"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.priority == 4 and "priority:4" not in ask("urgent")
    assert "as urgent already" in client.post(f"/desk/{ticket.uid}/hastening/", {"priority": "3"}).content.decode()
    assert client.post(f"/desk/{ticket.uid}/hastening/", {"priority": "9"}).status_code == 422


def test_a_number_typed_can_be_opened_linked_and_merged(ask, ticket):
    other, strange = write("again", "k2"), write("mine", "k3", who="eva@mail.example")
    assert {f"talk:{other.pk}", "relate:number", "merge:number"} <= set(ask(other.number))
    assert "merge:number" not in ask(strange.number) and "relate:number" not in ask(ticket.number)


def test_recent_ones_come_first_as_far_as_they_are_still_offered(ask, ticket, agent):
    assert ask(recent="snooze:week theme:dark")[:2] == ["snooze:week", "theme:dark"] and ">Recent<" in ask.page
    assert ask("put aside", recent="snooze:week")[0] == "snooze:week"
    solve(ticket, by=agent)
    assert "snooze:week" not in ask(recent="snooze:week")
    assert "solve" not in ask("solve", talk=None) and "view:mine" in ask(talk=None)


def test_who_was_let_in_writes_notes_and_leaves(ask, agent, make_agent, ticket):
    mine, others = Team.objects.create(slug="mine", name="M"), Team.objects.create(slug="others", name="O")
    agent.teams.add(mine)
    Conversation.objects.update(team=others)
    assert "take" not in ask("take")
    let_in(ticket, agent, by=make_agent("bob", badge="8"))
    assert [one for one in ask() if not one.startswith("view:")] == ["leave", "note"]


def test_no_key_does_two_things(agent, ticket):
    keys = [one.key for one in actions_of(agent, ticket, guest=False, follows=False) if one.key]
    elsewhere = set("jkxrnzac;./?")  # the list, the composer, the customer, the search and the help have these
    assert len(keys) == len(set(keys)) and not elsewhere.intersection(keys)
