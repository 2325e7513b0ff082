"""An incident: known everywhere at once, linked by the bot, answered for all in their languages, each once."""

import pytest

from kefu.channels.form.adapter import parse
from kefu.conversations.models import Conversation
from kefu.conversations.receive import receive
from kefu.incidents.answer import answer_all, answer_some
from kefu.incidents.known import incident_in
from kefu.incidents.manage import open_incident, tell
from kefu.incidents.models import Incident

TITLES = {"en": "TRON withdrawals are late", "zh-hans": "TRON 提现延迟"}


@pytest.fixture
def lead(make_agent):
    return make_agent("boss", badge="1003", role="supervisor", automatic=False)


@pytest.fixture
def incident(lead):
    return open_incident(titles=TITLES, summaries={"en": "About an hour."}, words="trc20 withdrawal\nTRON 提现", by=lead)


def ticket(n, language="en", text="my trc20 withdrawal is late"):
    inbound = parse("email", f"c{n}@mail.example", topic="", text=text, key=f"k{n}", fields={}, language=language)
    return receive(inbound).conversation


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("my TRC20 withdrawal is stuck", True),
        ("TRON的提现一直不到", True),
        ("withdrawal by bank card", False),
        ("TRC20 deposit", False),
        ("", False),
    ],
)
def test_a_message_with_all_words_of_a_phrase_means_it(incident, text, known):
    assert (incident_in(text) is not None) is known


def test_the_bot_says_it_first_and_links_the_conversation_once(incident, say, settle):
    talk = say("my trc20 withdrawal is stuck").conversation
    settle()
    talk.refresh_from_db()
    assert talk.incident == incident
    first = talk.messages.filter(kind="bot").first()
    assert "TRON withdrawals are late" in first.body
    say("my trc20 withdrawal is still stuck", thread=talk.uid.hex)
    settle()
    assert talk.messages.filter(kind="bot", data__incident=incident.slug).count() == 1


def test_a_ticket_about_it_is_linked_and_told_so(incident, settle):
    made = ticket(1)
    settle()
    made.refresh_from_db()
    assert made.incident == incident
    assert "TRON withdrawals are late" in made.messages.get(kind="bot").body


def test_two_hundred_are_answered_in_their_languages_each_once_also_after_a_crash(incident, lead, settle):
    made = [ticket(n, "en" if n % 2 else "zh-hans") for n in range(200)]
    Conversation.objects.update(incident=incident)
    assert answer_all(incident, texts={"en": "It works again.", "zh-hans": "已经恢复。"}, by=lead) == 200
    answer_some(incident.pk, lead.pk)  # as if the worker had died before it noted that it was done
    settle()
    incident.refresh_from_db()
    assert (incident.answered, incident.to_answer) == (200, 200)
    for n, one in enumerate(made):
        one.refresh_from_db()
        assert one.status == "solved"
        assert [m.body for m in one.messages.filter(kind="agent")] == ["It works again." if n % 2 else "已经恢复。"]


def test_who_answers_reopens_only_their_own(incident, lead, settle):
    first, second = ticket(1), ticket(2)
    Conversation.objects.update(incident=incident)
    answer_all(incident, texts={"en": "It works again."}, by=lead)
    settle()
    receive(parse("email", "c1@mail.example", topic="", text="no", key="again", fields={}, language="en", thread=first.uid.hex))
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, second.status) == ("open", "solved")


def test_the_log_is_public_and_a_solved_one_is_history(incident, lead, client):
    page = client.get("/en/announcements/").content.decode()
    assert "TRON withdrawals are late" in page and "About an hour." in page
    assert "TRON withdrawals are late" in client.get("/en/").content.decode()
    tell(incident, state="solved", texts={"en": "Nodes are back."}, by=lead)
    page = client.get("/en/announcements/").content.decode()
    assert "Everything works" in page and "TRON withdrawals are late" in page
    assert incident_in("my trc20 withdrawal") is None


def test_the_desks_pages_open_tell_link_and_answer(lead, signed_in, settle):
    desk = signed_in(lead)
    wrong = desk.post("/desk/incidents/new/", {"summary-en": "Something is slow"})
    assert wrong.status_code == 422 and "Something is slow" in wrong.content.decode()
    made = desk.post("/desk/incidents/new/", {"title-en": "Late", "summary-en": "Slow", "words": "late"})
    incident = Incident.objects.get()
    assert made["Location"] == f"/desk/incidents/{incident.pk}/"
    one = ticket(1, text="something else")
    assert "Late" in desk.get(f"/desk/{one.uid}/").content.decode()
    desk.post(f"/desk/{one.uid}/linking/", {"incident": incident.slug})
    assert one.number in desk.get(made["Location"]).content.decode()
    assert desk.post(f"{made['Location']}answers/", {"answer-en": "Please send your password"}).status_code == 422
    desk.post(f"{made['Location']}answers/", {"answer-en": "Over now."})
    settle()
    one.refresh_from_db()
    assert one.status == "solved"
    desk.post(made["Location"], {"state": "solved", "text-en": "Over."})
    assert desk.post(made["Location"], {"state": "solved", "text-en": "Over."}).status_code == 422
    assert desk.get("/desk/incidents/").status_code == 200


def test_agents_open_no_incidents(agent, signed_in):
    assert signed_in(agent).get("/desk/incidents/new/").status_code == 403


@pytest.mark.parametrize("address", ["https://status.example/2026-11", "/en/articles/what-happened/"])
def test_what_was_learned_is_linked_where_customers_read_it(incident, lead, client, signed_in, address):
    signed_in(lead).post(f"/desk/incidents/{incident.pk}/post-mortem/", {"address": f" {address} "})
    assert f'href="{address}"' in client.get(f"/desk/incidents/{incident.pk}/").content.decode()
    tell(incident, state="solved", texts={"en": "Over."}, by=lead)
    assert f'href="{address}"' in client.get("/en/announcements/").content.decode()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://status.example/", "//evil.example/", "soon"])
def test_an_address_that_leads_nowhere_good_is_refused(incident, lead, signed_in, address):
    answer = signed_in(lead).post(f"/desk/incidents/{incident.pk}/post-mortem/", {"address": address})
    incident.refresh_from_db()
    assert (answer.status_code, incident.post_mortem) == (422, "")


def test_an_agent_links_no_post_mortem(incident, agent, signed_in):
    assert signed_in(agent).post(f"/desk/incidents/{incident.pk}/post-mortem/", {"address": "https://a.example/"}).status_code == 403
