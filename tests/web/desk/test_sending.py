"""What the desk asks before an answer goes out, and what it keeps when it does not."""

import pytest

from kefu.conversations.models import Draft
from kefu.conversations.reply import reply
from tickets import write


@pytest.fixture
def ticket(db):
    found = write("missing elephants", "k1")
    found.refresh_from_db()
    return found


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent)


def send(desk, ticket, text="On its way.", **more):
    return desk.post(f"/desk/{ticket.uid}/replies/", {"text": text, "key": "a1", **more}, headers={"X-Requested-With": "fetch"})


def test_a_ticket_gives_ten_seconds_and_a_live_talk_none(desk, ticket, say):
    answer = send(desk, ticket, seen=str(ticket.last_seq))
    assert answer.status_code == 200 and "data-take-back" in answer.content.decode()
    held = Draft.objects.get()
    page = desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "data-take-back" in page
    back = desk.post(f"/desk/{ticket.uid}/held/{held.pk}/undo/", headers={"X-Requested-With": "fetch"})
    assert back.content.decode() == "On its way."
    assert "On its way." in desk.get(f"/desk/{ticket.uid}/").content.decode(), "it stands in the composer"
    talk = say("human please").conversation
    assert 'data-kind="agent"' in send(desk, talk, seen="0").content.decode()


def test_a_changed_thread_is_asked_about(desk, ticket, make_agent):
    seen = str(ticket.last_seq)
    reply(ticket, "I have it.", agent=make_agent("bea", badge="2222"))
    asked = send(desk, ticket, seen=seen)
    assert asked.status_code == 409 and asked["X-Kefu-Ask"] == "1" and "bea has answered." in asked.content.decode()
    assert not Draft.objects.exists()
    assert send(desk, ticket, seen=seen, sure="1").status_code == 200


def test_the_customers_new_words_are_asked_about_in_a_ticket(desk, ticket):
    write("It has come!", "k2", thread=str(ticket.uid))
    assert "The customer has written again." in send(desk, ticket, seen=str(ticket.last_seq)).content.decode()


def test_a_stranger_among_the_recipients_is_asked_about(desk, ticket):
    asked = send(desk, ticket, cc="lawyer@else.example", seen="99")
    assert asked.status_code == 409 and "lawyer@else.example" in asked.content.decode()
    assert send(desk, ticket, cc="lawyer@else.example", bcc="boss@else.example", sure="1").status_code == 200
    assert Draft.objects.get().data == {"cc": ["lawyer@else.example"], "bcc": ["boss@else.example"]}


def test_what_is_no_address_is_said(desk, ticket):
    answer = send(desk, ticket, cc="not an address")
    assert answer.status_code == 422 and "“not” is no mail address." in answer.content.decode()


@pytest.mark.parametrize("at", ["2020-01-01T09:00", "nonsense", "9999-99-99T99:99", "2999-01-01T09:00"])
def test_a_moment_that_cannot_be_is_refused(desk, ticket, at):
    assert send(desk, ticket, at=at).status_code == 409
    assert not Draft.objects.exists()


def test_a_scheduled_answer_can_be_sent_now(desk, ticket):
    assert "Goes out" in send(desk, ticket, at="tomorrow").content.decode()
    held = Draft.objects.get()
    answer = desk.post(f"/desk/{ticket.uid}/held/{held.pk}/now/", headers={"X-Requested-With": "fetch"})
    assert 'data-kind="agent"' in answer.content.decode()


def test_the_draft_is_kept_and_shown_again(desk, ticket):
    desk.post(f"/desk/{ticket.uid}/draft/", {"text": "half a thou", "mode": "note", "seen": "1"})
    page = desk.get(f"/desk/{ticket.uid}/").content.decode()
    assert "half a thou</textarea>" in page and 'data-seen="1"' in page
    send(desk, ticket, text="half a thought", mode="note")
    assert not Draft.objects.exists()


def test_who_asks_for_a_secret_is_told_while_writing(desk, ticket):
    asks = "Please send me your password and the SMS code."
    told = desk.post(f"/desk/{ticket.uid}/draft/", {"text": asks, "mode": "reply"}).content.decode()
    assert "will not be sent" in told and "password" in told
    assert desk.post(f"/desk/{ticket.uid}/draft/", {"text": "Never share your password.", "mode": "reply"}).content == b""
    assert desk.post(f"/desk/{ticket.uid}/draft/", {"text": asks, "mode": "note"}).content == b"", "a note asks nobody"


def test_who_is_here(signed_in, agent, make_agent, ticket, client):
    from django.test import Client

    other = make_agent("bea", badge="2222")
    second = Client()
    second.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    first = signed_in(agent)
    assert first.post(f"/desk/{ticket.uid}/here/", {"what": "writing"}).json() == {"others": []}
    assert second.post(f"/desk/{ticket.uid}/here/", {}).json()["others"] == [{"who": agent.pk, "what": "writing", "name": "ann"}]
    first.post(f"/desk/{ticket.uid}/here/", {"what": "gone"})
    assert second.post(f"/desk/{ticket.uid}/here/", {}).json() == {"others": []}


def test_who_solves_has_nothing_to_take_back(desk, ticket):
    send(desk, ticket, seen="99")
    send(desk, ticket, text="Later", at="tomorrow", key="a2")
    desk.post(f"/desk/{ticket.uid}/status/", {"status": "solved"})
    kinds = list(ticket.messages.exclude(kind="customer").order_by("seq").values_list("kind", "body"))
    assert kinds[0] == ("agent", "On its way.") and kinds[-1][0] == "activity"
    assert Draft.objects.get().text == "Later"


def test_a_badge_that_nobody_has_is_asked_about_and_the_note_kept(agent, make_agent, signed_in):
    talk = write()
    make_agent("bob", badge="2042")
    desk, url = signed_in(agent), f"/desk/{talk.uid}/replies/"
    for text in ("@2042 please", "write to mia@mail7.example", "they call themselves @beichen"):
        assert desk.post(url, {"mode": "note", "text": text, "key": text}).status_code == 302
    asked = desk.post(url, {"mode": "note", "text": "@2042 and @9999, please", "key": "n"})
    assert asked.status_code == 409 and asked["X-Kefu-Ask"] == "1" and "@9999" in asked.content.decode()
    assert talk.messages.filter(kind="note").count() == 3
    desk.post(url, {"mode": "note", "text": "@2042 and @9999, please", "key": "n", "sure": "1"})
    assert talk.messages.filter(kind="note", body="@2042 and @9999, please").exists()
