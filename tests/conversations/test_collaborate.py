"""Colleagues who are let into one conversation: named in a note or by hand, for as long as it is open."""

import pytest
from django.test import Client

from kefu.channels.form.adapter import parse
from kefu.conversations.bin import restore, throw_away
from kefu.conversations.collaborate import let_in, let_out
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Collaborator, Conversation, EventKind
from kefu.conversations.note import note
from kefu.conversations.receive import receive
from kefu.conversations.resolve import reopen, solve
from kefu.people.models import Customer, Team
from kefu.system import live
from kefu.system.audit.models import AuditEntry
from kefu.web.desk.fragments import after_for_guest

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def house(make_agent):
    """A ticket of the funds team; ann is of that team, bob and cat of another."""

    class House:
        funds, cards = Team.objects.create(slug="funds", name="资金"), Team.objects.create(slug="cards", name="卡")
        ann, bob, cat = make_agent("ann", badge="1001"), make_agent("bob", badge="2041"), make_agent("cat", badge="2042")
        talk = receive(parse("email", "mia@mail.example", topic="", text="missing", key="k", fields={}, language="en")).conversation

        def page(self, who, path="", /, **data):
            client = Client()
            client.force_login(who.user, backend=BACKEND)
            address = f"/desk/{self.talk.uid}/{path}"
            return client.post(address, data) if path else client.get(address)

        def list_of(self, agent):
            client = Client()
            client.force_login(agent.user, backend=BACKEND)
            return client.get("/desk/?view=mentioned").content.decode()

    made = House()
    made.ann.teams.add(made.funds), made.bob.teams.add(made.cards), made.cat.teams.add(made.cards)
    made.talk.team = made.funds
    made.talk.save()
    return made


def test_somebody_of_another_team_who_is_named_reads_writes_notes_and_no_more(house):
    assert house.page(house.bob).status_code == 404
    note(house.talk, "@2041 please look, @9999 is nobody, @1001 is myself", agent=house.ann)
    page = house.page(house.bob).content.decode()
    assert "let you in" in page and "missing" in page and 'value="note"' in page and 'value="reply"' not in page
    assert house.page(house.bob, "replies/", mode="note", text="It was never sent.").status_code == 302
    assert house.talk.messages.get(body="It was never sent.").kind == "note"
    for path, data in (("replies/", {"text": "hello"}), ("status/", {"status": "solved"}), ("collaborators/", {"agent": house.cat.pk})):
        assert house.page(house.bob, path, **data).status_code == 403, path
    house.talk.refresh_from_db()
    assert house.talk.assignee is None and house.talk.status == "new" and house.talk.collaborators.count() == 1


def test_whoever_was_named_is_told_and_finds_it_until_they_have_looked(house, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(live, "whisper", lambda channel, name, data, **more: told.append((channel, name, data.get("number"))))
    with django_capture_on_commit_callbacks(execute=True):
        note(house.talk, "@2041 please", agent=house.ann)
    assert (f"a/{house.bob.pk}", "mentioned", house.talk.number) in told
    assert house.talk.number in house.list_of(house.bob) and 'name="ids"' not in house.list_of(house.bob)
    assert house.talk.number not in house.list_of(house.ann)
    assert Collaborator.objects.get().seen_at is None
    house.page(house.bob)
    assert Collaborator.objects.get().seen_at is not None
    note(house.talk, "@2041 again", agent=house.ann)
    found = Collaborator.objects.get()
    assert found.seen_at is None and found.let_in_by == house.ann


def test_it_ends_with_the_conversation_and_comes_back_with_it(house):
    let_in(house.talk, house.bob, by=house.ann)
    solve(house.talk, by=house.ann)
    assert house.page(house.bob).status_code == 404 and house.talk.number not in house.list_of(house.bob)
    with pytest.raises(Conflict):
        let_in(house.talk, house.cat, by=house.ann)
    note(house.talk, "@2042 too late", agent=house.ann)
    assert house.talk.collaborators.count() == 1
    reopen(house.talk, by=house.ann)
    assert house.page(house.bob).status_code == 200
    throw_away(house.talk, "spam", by=house.ann)
    assert house.page(house.bob).status_code == 404
    restore(Conversation.objects.get(), by=house.ann)
    assert house.page(house.bob).status_code == 200


def test_the_agent_takes_them_out_and_they_can_leave(house):
    let_in(house.talk, house.bob, by=house.ann)
    assert "2041" in house.page(house.ann).content.decode()
    house.page(house.ann, "collaborators/", agent=house.bob.pk, out="1")
    assert house.page(house.bob).status_code == 404
    house.page(house.ann, "collaborators/", agent=house.bob.pk)
    assert house.page(house.bob, "leaving/").url == "/desk/"
    assert house.page(house.bob).status_code == 404
    with pytest.raises(Conflict):
        let_out(house.talk, house.bob, by=house.ann)
    acts = ["conversation.let_in", "conversation.let_out"]
    assert list(AuditEntry.objects.filter(act__in=acts).order_by("pk").values_list("act", flat=True)) == acts * 2
    assert house.talk.events.filter(kind__in=[EventKind.LET_IN, EventKind.LET_OUT]).count() == 4


def test_a_stream_that_is_open_brings_nothing_more_to_who_was_taken_out(house):
    let_in(house.talk, house.bob, by=house.ann)
    reader = f"en:{house.bob.pk}"
    assert len(after_for_guest(house.talk.uid.hex, reader, 0)) == 2
    let_out(house.talk, house.bob, by=house.ann)
    note(house.talk, "between us", agent=house.ann)
    assert after_for_guest(house.talk.uid.hex, reader, 0) == []
    assert house.page(house.ann, "live/").status_code == 405


def test_who_was_only_let_in_lets_nobody_else_in_and_editors_see_no_customers(house, make_agent):
    editor = make_agent("eva", badge="3001", role="editor")
    note(house.talk, "@2041 @3001", agent=house.ann)
    note(house.talk, "@2042 @1001", agent=house.bob)
    assert {one.agent for one in house.talk.collaborators.all()} == {house.bob, house.ann}
    for wanted, by in ((house.cat, house.bob), (editor, house.ann)):
        with pytest.raises(NotAllowed):
            let_in(house.talk, wanted, by=by)
    assert "sees no conversations" in house.page(house.ann, "collaborators/", agent=editor.pk).content.decode()
    assert house.page(house.ann, "collaborators/", agent="x").status_code == 422


def test_the_side_panel_leads_to_nothing_beyond_the_conversation(house):
    Customer.objects.filter(pk=house.talk.customer_id).update(exchange_uid="10000001")
    other = receive(parse("email", "mia@mail.example", topic="", text="another matter", key="k2", fields={}, language="en")).conversation
    Conversation.objects.filter(pk=other.pk).update(team=house.funds)
    let_in(house.talk, house.bob, by=house.ann)
    full, page = house.page(house.ann).content.decode(), house.page(house.bob).content.decode()
    for private in ("UID 10000001", "mia@mail.example", "another matter", f"/desk/{house.talk.uid}/account/", "The customer’s page"):
        assert private in full and private not in page, private


def test_a_number_typed_leads_there_and_a_search_for_words_does_not(house, client):
    let_in(house.talk, house.bob, by=house.ann)
    client.force_login(house.bob.user, backend=BACKEND)
    assert str(house.talk.uid) in client.get(f"/desk/?q={house.talk.number}").url
    assert house.talk.number not in client.get("/desk/?q=missing").content.decode()
