"""The desk over HTTP: who may what, conflicts in words, nothing twice, nothing that grows with the rows."""

import pytest
from django.urls import reverse

from kefu.conversations.assign import take
from kefu.conversations.models import Conversation, Message
from kefu.people.models import Team

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
ROLES = ["agent", "supervisor", "administrator", "editor", "auditor"]
READ = {"agent", "supervisor", "administrator", "auditor"}
ANSWER = {"agent", "supervisor", "administrator"}
BOARD = {"supervisor", "administrator", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_do_at_the_desk(role, make_agent, signed_in, queued):
    client = signed_in(make_agent("x", role=role))
    page = reverse("desk-conversation", args=[queued.uid])
    assert (client.get(reverse("desk")).status_code == 200) is (role in READ)
    assert (client.get(page).status_code == 200) is (role in READ)
    assert (client.get(reverse("board")).status_code == 200) is (role in BOARD)
    for name, data in (("desk-assignment", {}), ("desk-replies", {"text": "hi"}), ("desk-status", {"status": "open"}), ("desk-typing", {})):
        status = client.post(reverse(name, args=[queued.uid]), data).status_code
        assert (status == 403) is (role not in ANSWER), (name, status)


def test_a_customer_and_a_stranger_see_no_desk(client, django_user_model, queued):
    page = reverse("desk-conversation", args=[queued.uid])
    assert client.get(page).status_code == 302
    client.force_login(django_user_model.objects.create_user("li@example.org"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == 403


def test_without_a_second_factor_nobody_works_in_production(agent, signed_in, settings):
    settings.DEMO = False
    assert "2fa" in signed_in(agent).get(reverse("desk"))["Location"]


def test_another_teams_conversation_is_not_there(queued, make_agent, signed_in):
    ann = make_agent("ann", teams=[Team.objects.create(slug="a", name="A")])
    Conversation.objects.filter(pk=queued.pk).update(team=Team.objects.create(slug="b", name="B"))
    client = signed_in(ann)
    assert client.get(reverse("desk-conversation", args=[queued.uid])).status_code == 404
    assert client.post(reverse("desk-replies", args=[queued.uid]), {"text": "hi"}).status_code == 404


def test_who_comes_second_is_told_who_was_faster(queued, make_agent, signed_in):
    take(queued, agent=make_agent("bob"))
    answer = signed_in(make_agent("ann")).post(reverse("desk-assignment", args=[queued.uid]))
    assert answer.status_code == 409 and "bob" in answer.content.decode()


def test_a_reply_that_asks_for_a_secret_is_stopped_with_the_reason(queued, agent, signed_in):
    answer = signed_in(agent).post(reverse("desk-replies", args=[queued.uid]), {"text": "Send me your password please"}, **FETCH)
    assert answer.status_code == 422 and "password" in answer.content.decode()


def test_a_double_submit_is_one_message(queued, agent, signed_in):
    client = signed_in(agent)
    for _ in range(2):
        client.post(reverse("desk-replies", args=[queued.uid]), {"text": "hi", "key": "k"}, **FETCH)
    assert Message.objects.filter(kind="agent").count() == 1


def test_notes_stand_at_the_desk_only(queued, agent, signed_in):
    client = signed_in(agent)
    client.post(reverse("desk-replies", args=[queued.uid]), {"text": "suspicious", "mode": "note", "key": "n"}, **FETCH)
    assert "suspicious" in client.get(reverse("desk-conversation", args=[queued.uid])).content.decode()
    from kefu.web.widget.fragments import after

    assert not any("suspicious" in event.data for event in after(queued.uid.hex, "en", 0))


def test_a_number_in_the_search_opens_its_conversation(queued, agent, signed_in):
    answer = signed_in(agent).get(reverse("desk"), {"q": queued.number.lower()})
    assert answer.status_code == 302 and str(queued.uid) in answer["Location"]


def test_words_are_found_in_what_was_said(queued, agent, signed_in):
    page = signed_in(agent).get(reverse("desk"), {"q": "talk human"}).content.decode()
    assert queued.number in page


def test_the_number_of_queries_does_not_grow_with_the_rows(agent, signed_in, say, django_assert_max_num_queries, settle):
    client = signed_in(agent)
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for round_ in range(2):
        for n in range(6):
            say("human please", who=f"c{round_}{n}")
        settle()
        client.get(reverse("desk"))
        with CaptureQueriesContext(
            connection,
        ) as inbox:
            client.get(reverse("desk"))
        counts.append(len(inbox))
    assert counts[0] == counts[1] < 25


def test_a_stale_form_gets_a_clear_page(queued, agent):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("desk-assignment", args=[queued.uid]), {"csrfmiddlewaretoken": "stale"})
    assert answer.status_code == 403 and "<h1" in answer.content.decode()


def test_going_online_is_seen_by_routing(agent, signed_in, say, settle, make_agent):
    client = signed_in(agent)
    client.post(reverse("desk-presence"), {"presence": "offline"})
    agent.refresh_from_db()
    assert agent.presence == "offline"
    found = say("human please").conversation
    settle()
    client.post(reverse("desk-presence"), {"automatic": "1"})
    client.post(reverse("desk-presence"), {"presence": "online"})
    settle()
    found.refresh_from_db()
    assert found.assignee == agent


def test_the_board_counts_what_is_there(queued, make_agent, signed_in):
    boss = make_agent("boss", role="supervisor")
    page = signed_in(boss).get(reverse("board")).content.decode()
    assert "boss" in page and '<dd class="v">1</dd>' in page
