"""Macros, saved views, rules, snooze, merge and tags, as the desk's pages do them."""

import pytest

from kefu.automation.models import Macro, Trigger, View
from kefu.conversations.models import Conversation, Draft
from kefu.conversations.resolve import close
from kefu.people.models import Team
from tickets import write


@pytest.fixture
def ticket(db):
    return write("missing elephants")


@pytest.fixture
def desk(client, agent, signed_in):
    return signed_in(agent)


@pytest.fixture
def lead(make_agent, signed_in):
    return signed_in(make_agent("boss", badge="1003", role="supervisor"))


def test_a_search_with_conditions_becomes_a_view_with_its_count_in_the_rail(desk, ticket):
    page = desk.get("/desk/?q=status:new+elephants").content.decode()
    assert ticket.number in page and "Save as a view" in page
    assert desk.post("/desk/views/", {"name": "Fresh", "q": "status:new"}).status_code == 302
    page = desk.get("/desk/").content.decode()
    assert "Fresh" in page
    view = View.objects.get()
    desk.post(f"/desk/views/{view.pk}/removal/")
    assert not View.objects.exists()


def test_a_wrong_condition_says_what_to_write(desk, ticket):
    page = desk.get("/desk/?q=colour:red").content.decode()
    assert "is no condition" in page


def test_only_leaders_share_views_and_nobody_removes_anothers(desk, ticket, make_agent):
    desk.post("/desk/views/", {"name": "Mine", "q": "is:open", "shared": "all"})
    assert View.objects.get().owner is not None
    other = View.objects.create(name="Other", conditions="is:open", owner=make_agent("bob", badge="77"))
    assert desk.post(f"/desk/views/{other.pk}/removal/").status_code == 404


def test_a_view_shared_with_a_team_is_in_its_rail_alone(lead, make_agent, signed_in, client):
    funds, other = Team.objects.create(slug="funds", name="F"), Team.objects.create(slug="kyc", name="K")
    assert "Only I" in lead.get("/desk/?q=is:open").content.decode()
    assert lead.post("/desk/views/", {"name": "Big sums", "q": "is:open", "shared": "team:999"}).status_code == 422
    lead.post("/desk/views/", {"name": "Big sums", "q": "is:open", "shared": f"team:{funds.pk}"})
    assert "Big sums" in lead.get("/desk/").content.decode()
    for team, badge, sees in ((funds, "71", True), (other, "72", False)):
        member = make_agent(f"m{badge}", badge=badge)
        member.teams.add(team)
        page = signed_in(member).get("/desk/").content.decode()
        assert ("Big sums" in page) is sees
        assert client.post(f"/desk/views/{View.objects.get().pk}/removal/").status_code == 404


def test_what_a_macro_does_follows_its_answer_and_not_one_taken_back(desk, agent, ticket, settle):
    macro = Macro.objects.create(name="Ask", texts={"en": "Hello"}, actions=[{"do": "status", "value": "on_hold"}], owner=agent)
    url = f"/desk/{ticket.uid}/replies/"
    desk.post(url, {"text": "Hello", "macro": macro.pk, "key": "a"})
    desk.post(f"/desk/{ticket.uid}/held/{Draft.objects.get(client_key='a').pk}/undo/")
    settle()
    ticket.refresh_from_db(), macro.refresh_from_db()
    assert (ticket.status, macro.used) == ("new", 0)
    desk.post(url, {"text": "Hello", "macro": macro.pk, "key": "b"})
    desk.post(f"/desk/{ticket.uid}/held/{Draft.objects.get(client_key='b').pk}/now/")
    settle()
    settle()
    ticket.refresh_from_db(), macro.refresh_from_db()
    assert (ticket.status, macro.used) == ("on_hold", 1)


def test_a_variable_that_nothing_filled_is_asked_about(desk, ticket):
    asked = desk.post(f"/desk/{ticket.uid}/replies/", {"text": "Hello {name}, about {field.txid}", "key": "a"})
    assert asked.status_code == 409 and "{name}, {field.txid}" in asked.content.decode()
    assert desk.post(f"/desk/{ticket.uid}/replies/", {"text": "Send it as {json}", "key": "b"}).status_code == 302


def test_a_macro_is_written_chosen_and_acts_when_sent(desk, agent, ticket, settle):
    wrong = desk.post("/desk/macros/new/", {"name": "Ask", "text-en": "Hello", "actions": "explode:now"})
    assert wrong.status_code == 422 and "Hello" in wrong.content.decode()
    desk.post("/desk/macros/new/", {"name": "Ask", "text-en": "Hello, about {number}", "actions": "tag:asked\nstatus:on_hold"})
    macro = Macro.objects.get()
    choices = desk.get(f"/desk/{ticket.uid}/macros/?q=as").content.decode()
    assert f"about {ticket.number}" in choices
    desk.post(f"/desk/{ticket.uid}/replies/", {"text": "Hello", "macro": macro.pk, "key": "k"}, headers={"X-Requested-With": "fetch"})
    desk.post(f"/desk/{ticket.uid}/held/{Draft.objects.get(client_key='k').pk}/now/")
    settle()
    ticket.refresh_from_db()
    assert ticket.status == "on_hold" and ticket.tags.get().name == "asked"


def test_anothers_own_macro_is_neither_shown_nor_changed(desk, ticket, make_agent):
    other = Macro.objects.create(name="Secret", texts={"en": "x"}, owner=make_agent("bob", badge="77"))
    assert "Secret" not in desk.get("/desk/macros/").content.decode()
    assert desk.get(f"/desk/macros/{other.pk}/").status_code == 404


def test_everybodys_macro_is_read_by_agents_and_changed_by_those_who_may(desk, make_agent, signed_in):
    shared = Macro.objects.create(name="Ask for the hash", texts={"en": "Please send\nthe hash", "zh-hans": "请发哈希"})
    page, address = desk.get("/desk/macros/").content.decode(), f"/desk/macros/{shared.pk}/"
    assert "Please send<br>the hash" in page and "请发哈希" in page and address not in page
    assert desk.get(address).status_code == 404
    lead = signed_in(make_agent("boss", badge="1003", role="supervisor"))
    assert address in lead.get("/desk/macros/").content.decode() and lead.get(address).status_code == 200


def test_a_rule_is_tried_before_it_is_saved_and_only_leaders_write_rules(desk, lead, ticket):
    form = {"name": "Late", "event": "time", "conditions": "is:waiting", "actions": "tag:late", "active": "1"}
    page = lead.post("/desk/rules/new/", {**form, "try": "1"}).content.decode()
    assert "It would have acted on 1 conversation." in page and ticket.number in page
    assert not Trigger.objects.exists()
    assert lead.post("/desk/rules/new/", form).status_code == 302
    assert lead.get("/desk/rules/export.json").json()[0]["name"] == "Late"
    assert lead.post("/desk/rules/new/", {**form, "conditions": "colour:red"}).status_code == 422


def test_agents_write_no_rules(desk, db):
    assert desk.get("/desk/rules/").status_code == 403


def test_put_aside_a_ticket_leaves_the_lists_until_then(desk, agent, ticket):
    Conversation.objects.update(assignee=agent)
    desk.post(f"/desk/{ticket.uid}/snoozing/", {"until": "tomorrow"})
    assert ticket.number not in desk.get("/desk/?view=mine").content.decode()
    assert ticket.number in desk.get("/desk/?view=snoozed").content.decode()
    desk.post(f"/desk/{ticket.uid}/snoozing/", {"until": ""})
    assert ticket.number in desk.get("/desk/?view=mine").content.decode()


def test_merging_goes_by_number_and_refuses_strangers(desk, ticket):
    other, strange = write("again", "k2"), write("mine", "k3", who="eva@mail.example")
    page = desk.post(f"/desk/{other.uid}/merging/", {"number": strange.number}, headers={"HX-Request": "true"}).content.decode()
    assert "another customer" in page
    assert desk.post(f"/desk/{other.uid}/merging/", {"number": ticket.number}).status_code == 302
    other.refresh_from_db()
    assert other.merged_into == ticket


def test_tags_and_following(desk, agent, ticket):
    desk.post(f"/desk/{ticket.uid}/tagging/", {"tags": "TRON, late"})
    desk.post(f"/desk/{ticket.uid}/following/", {"follow": "1"})
    assert {t.name for t in ticket.tags.all()} == {"tron", "late"}
    assert ticket.number in desk.get("/desk/?view=followed").content.decode()


def test_what_lies_in_spam_or_trash_says_why_and_how_it_comes_back_where_one_would_write(desk, ticket, make_agent, signed_in):
    for do, why in (
        ("trash", "This is in the trash, so nothing can be answered"),
        ("spam", "held back as spam, so nothing can be answered"),
    ):
        assert 'id="composer"' in desk.get(f"/desk/{ticket.uid}/").content.decode()
        desk.post(f"/desk/{ticket.uid}/bin/", {"do": do})
        page = desk.get(f"/desk/{ticket.uid}/").content.decode()
        assert why in page and 'id="composer"' not in page and 'value="restore"' in page
        desk.post(f"/desk/{ticket.uid}/bin/", {"do": "restore"})
    desk.post(f"/desk/{ticket.uid}/bin/", {"do": "block"})
    type(ticket.customer).objects.update(exchange_uid="10000001")
    page = desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "A supervisor lets them in again." in page and 'value="restore"' not in page
    page = signed_in(make_agent("boss", badge="1003", role="supervisor")).get(f"/desk/{ticket.uid}/").content.decode()
    assert "Release, and let the sender in" in page and "A supervisor lets" not in page


def test_what_is_closed_for_good_takes_notes_alone(desk, ticket):
    close(ticket)
    page = desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "Closed for good" in page and 'name="mode" value="note"' in page and 'value="reply"' not in page
