"""The table of permissions, tried on every address: each role, on its own, its team's and others' conversations, and on one
of others into which it was let; and a stranger's id in every body, at the desk and on the customers' pages."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from kefu.channels.form.adapter import parse
from kefu.channels.webchat.adapter import Sender
from kefu.conversations.collaborate import let_in
from kefu.conversations.files import signed_address, upload
from kefu.conversations.links import status_address
from kefu.conversations.models import Attachment, Conversation, Draft
from kefu.conversations.receive import receive
from kefu.people.models import Team
from kefu.people.permissions import ACTS
from kefu.topics.models import Topic
from kefu.web.visitor import make_token

ROLES = ["agent", "supervisor", "editor", "administrator", "auditor"]
RELATIONS = ["own", "team", "other", "let in"]
# Whom a role may see besides what is its own: the gate of conversations, said once more, apart from the code.
SEES = {
    "agent": {"own", "team"},
    "supervisor": set(RELATIONS),
    "administrator": set(RELATIONS),
    "auditor": set(RELATIONS),
    "editor": set(),
}
# What is open to somebody who was only let in; of what is sent there, notes alone.
TO_THOSE_LET_IN = {"", "live/", "replies/", "draft/", "here/", "read/", "leaving/"}
# Addresses that take a second act besides the one that opens them.
STRICTER = {"desk/staff/new/": "staff.write"}


def patterns(found=None, before=""):
    """Every address of the system with its view."""
    for one in found if found is not None else get_resolver().url_patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from patterns(one.url_patterns, path)
        else:
            yield path, one.callback


STAFF = [(path, view) for path, view in patterns() if path.startswith(("desk/", "studio/"))]
OF_ONE = [(path, view) for path, view in STAFF if path.startswith("desk/<uuid:uid>/")]
TICKETS = [path for path, _ in patterns() if "<str:number>/<str:token>" in path]
CHAT = [path for path, _ in patterns() if re.search(r"chat/[a-z.-]", path)]


def filled(path, **values):
    """The address with these parameters; others name what does not exist."""
    unknown = {"int": "999999", "uuid": "00000000-0000-7000-8000-000000000000"}
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: str(values.get(m[2]) or unknown.get(m[1]) or "nothing"), path)


def write(who, text="hello", key=None):
    return receive(parse("email", who, topic="", text=text, key=key or uuid4().hex, fields={}, language="en")).conversation


def state(talk):
    found = Conversation.objects.get(pk=talk.pk)
    return found.last_seq, found.status, found.assignee_id, found.team_id, found.snoozed_until, found.merged_into_id, found.level


@pytest.fixture
def people(make_agent, db):
    """people("agent"): one of this role, with a conversation of each relation."""

    def of(role):
        mine, others = Team.objects.create(slug="mine", name="M"), Team.objects.create(slug="others", name="O")
        agent, colleague = make_agent("ann", role=role, badge="7", automatic=False), make_agent("bob", badge="8", automatic=False)
        agent.teams.add(mine)
        colleague.teams.add(others)
        talks = {name: write(f"{name.replace(' ', '-')}@mail.example") for name in RELATIONS}
        rows = (("own", others, agent), ("team", mine, None), ("other", others, colleague), ("let in", others, colleague))
        for name, team, assignee in rows:
            Conversation.objects.filter(pk=talks[name].pk).update(team=team, assignee=assignee, status="open")
        if role != "editor":
            let_in(talks["let in"], agent, by=colleague)
        return agent, talks

    return of


def test_every_address_of_the_staff_says_which_act_it_takes():
    unknown = [path for path, view in STAFF if getattr(view, "act", None) not in ACTS]
    assert unknown == [] and len(STAFF) > 80 and len(OF_ONE) > 25


@pytest.mark.parametrize("role", ROLES)
def test_an_act_that_the_table_does_not_give_is_refused_at_every_address(role, make_agent, signed_in):
    client = signed_in(make_agent(role, role=role, badge="7"))
    for path, view in STAFF:
        address = filled(path, uid="00000000-0000-7000-8000-000000000000")
        answers = [client.get(address).status_code, client.post(address).status_code]
        if role not in ACTS[view.act]:
            assert set(answers) <= {403, 405} and 403 in answers, (path, answers)
        else:
            assert 403 not in answers or role not in ACTS[STRICTER.get(path, view.act)], (path, answers)


# Letting somebody in changes nothing for roles that see everything; of those the auditor stands for all.
@pytest.mark.parametrize(("role", "relation"), [(a, b) for a in ROLES for b in RELATIONS if b != "let in" or a in {"agent", "auditor"}])
def test_a_conversation_is_open_to_those_whom_the_table_and_the_gate_let_in(role, relation, people, signed_in):
    agent, talks = people(role)
    client, talk = signed_in(agent), talks[relation]
    for path, view in OF_ONE:
        address, before = filled(path, uid=talk.uid), state(talk)
        only_let_in = relation == "let in" and relation not in SEES[role]
        data = {"mode": "note", "text": "a note"} if only_let_in else {}
        answers = [client.get(address).status_code, client.post(address, data).status_code]
        if role not in ACTS[view.act]:
            assert set(answers) <= {403, 405}, (path, answers)
        elif role == "agent" and only_let_in and address.split(str(talk.uid) + "/")[1] in TO_THOSE_LET_IN:
            assert not set(answers) & {403, 404, 500}, (path, answers)
            if path.endswith("leaving/"):  # the next address finds them in again
                talk.refresh_from_db()
                let_in(talk, agent, by=talk.assignee)
            continue
        elif role == "agent" and only_let_in:
            assert set(answers) <= {403, 404, 405} and 403 in answers, (path, answers)
        elif relation not in SEES[role]:
            assert set(answers) <= {404, 405}, (path, answers)
        elif "<int:pk>" not in path:
            assert not set(answers) & {403, 404, 500}, (path, answers)
        if role not in ACTS[view.act] or relation not in SEES[role]:
            assert state(talk) == before, path
        if state(talk) != before:  # it was let in and did something: the next address finds it as it was
            Conversation.objects.filter(pk=talk.pk).update(
                status="open", solved_at=None, closed_at=None, assignee=before[2], team=before[3], level=before[6], stage="none"
            )


def test_ids_of_conversations_that_an_agent_may_not_see_do_nothing_in_any_body(people, signed_in, settle, make_agent):
    agent, talks = people("agent")
    client, mine, secret = signed_in(agent), talks["own"], talks["other"]
    file = upload(secret, SimpleUploadedFile("a.txt", b"some lines"), by_customer=False)
    draft = Draft.objects.create(conversation=secret, agent=make_agent("eve", badge="9"), text="unsent")
    settle()
    secret.refresh_from_db()
    before = state(secret)
    number, uid = secret.number, secret.uid.hex
    for path, data in (
        ("merging/", {"number": number}),
        ("relating/", {"number": number}),
        ("replies/", {"text": "hi", "file": file.uid.hex}),
        (f"held/{draft.pk}/undo/", {}),
        (f"held/{draft.pk}/now/", {}),
        ("splitting/", {"seq": "1", "talk": uid}),
        ("read/", {"seq": "1", "talk": uid}),
        ("sleeping/", {"kind": "transfer", "subject": "x", "talk": uid}),
        ("cards/", {"reason": "case", "talk": uid}),
        ("transfers/", {"to": f"conversation:{secret.pk}"}),
    ):
        answer = client.post(f"/desk/{mine.uid}/{path}", data)
        assert answer.status_code in {200, 204, 302, 403, 404, 409, 422}, path
        assert secret.subject not in answer.content.decode() or secret.subject == mine.subject, path
    client.post("/desk/bulk/", {"ids": [str(secret.pk), secret.uid.hex, number], "do": "status:solved"})
    settle()
    assert state(secret) == before and not mine.related.filter(pk=secret.pk).exists()
    assert not Attachment.objects.filter(pk=file.pk, message__isnull=False).exists()
    for address in (f"/desk/?q={number}", f"/desk/palette/?q={number}"):
        assert uid not in client.get(address).content.decode().replace("-", "")


def test_a_strangers_link_opens_no_page_of_a_ticket(client, db):
    mine, theirs = write("mia@mail.example", "my own words"), write("eve@mail.example", "their own words")
    token = status_address(mine).rstrip("/").rsplit("/", 1)[1]
    own = status_address(theirs).rstrip("/").rsplit("/", 1)[1]
    assert len(TICKETS) > 10
    for path in TICKETS:
        for wrong in (token, own[:-2] + ("aa" if own[-2:] != "aa" else "bb"), own + "x", "x"):
            address, before = filled(path, number=theirs.number, token=wrong), state(theirs)
            data = {"text": "x", "score": "5", "status": "closed", "reason": "x", "code": "123456", "subject": "x"}
            for answer in (client.get(address), client.post(address, data)):
                assert answer.status_code in {404, 405}, (path, answer.status_code)
                assert "their own words" not in answer.content.decode()
            assert state(theirs) == before, path


def test_a_strangers_talk_in_any_body_of_the_chat_does_nothing(db):
    client, mine = Client(), Sender("browser", "mia")
    theirs = receive(
        __import__("kefu.channels.webchat.adapter", fromlist=["parse"]).parse(Sender("browser", "eve"), text="their own words", key="k1")
    ).conversation
    before, token = state(theirs), make_token(mine)
    assert len(CHAT) > 10
    for path in CHAT:
        address = filled(path).replace("//", "/")
        data = {
            "talk": theirs.uid.hex,
            "v": token,
            "text": "hi",
            "seq": "1",
            "email": "a@mail.example",
            "code": "1",
            "subject": "x",
            "txid": "x",
        }
        for answer in (client.get(address, data), client.post(address, data), client.post(address, data, HTTP_X_REQUESTED_WITH="fetch")):
            assert answer.status_code < 500, path
            assert "their own words" not in answer.content.decode(), path
        assert state(theirs) == before, path


def test_forged_tokens_of_visitors_and_files_open_nothing(client, db):
    theirs = write("eve@mail.example", "their own words")
    file = upload(theirs, SimpleUploadedFile("a.txt", b"their lines"), by_customer=True)
    address = signed_address(file)
    head, _, signature = address.rpartition(":")
    assert client.get(address).status_code == 200
    for wrong in (address[:-3] + "abc", head, f"{head}:{signature[::-1]}", "/files/x", f"/files/{file.uid.hex}", f"/files/{file.pk}"):
        assert client.get(wrong).status_code in {404, 410}, wrong
    forged = make_token(Sender("email", "eve@mail.example"))[:-4] + "abcd"
    assert "their own words" not in client.get("/en/chat/", {"v": forged}).content.decode()


def test_a_file_that_somebody_else_uploaded_joins_no_ticket(client, db):
    Topic.objects.create(slug="other")
    theirs = upload(None, SimpleUploadedFile("a.txt", b"their lines"), by_customer=True, uploader="email:eve@mail.example")
    data = {"text": "mine", "urgency": "normal", "file": theirs.uid.hex, "v": make_token(Sender("email", "mia@mail.example"))}
    client.post("/en/tickets/new/other/", data)
    theirs.refresh_from_db()
    assert theirs.message is None


def test_a_number_alone_opens_nothing_to_somebody_who_is_signed_in(client, db):
    from kefu.people.models import User

    theirs = write("eve@mail.example")
    client.force_login(User.objects.create_user("mia@mail.example"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/en/conversations/", {"number": theirs.number})
    assert answer.status_code == 422 and "opens nothing" in answer.content.decode()
