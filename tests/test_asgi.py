"""The process itself: what is read before the first visitor, and which requests need no session."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from kefu import asgi
from kefu.channels.webchat.adapter import Sender
from kefu.conversations.models import Message
from kefu.knowledge.shelf import shelf
from kefu.system import bridge
from kefu.web.visitor import make_token


def post(form, path="/en/chat/messages/", by_script=True):
    body = urlencode(form).encode()
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
    headers += [(b"x-requested-with", b"fetch")] if by_script else []
    scope = {"method": "POST", "path": path, "query_string": b"", "http_version": "1.1", "scheme": "http", "headers": headers}
    return bridge._run(asgi._writing, bridge.environ_of(scope, BytesIO(body), len(body), 0))


@pytest.fixture(autouse=True)
def _one_connection():
    """Requests end with their connection to the database; the tests' own must stay."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def full(monkeypatch):
    """The requests that took the long way."""
    taken = []

    def long_way(environ, start_response, django=asgi._wsgi):
        taken.append(environ["PATH_INFO"])
        return django(environ, start_response)

    monkeypatch.setattr(asgi, "_wsgi", long_way)
    return taken


def test_everything_is_read_before_the_first_visitor(article):
    asgi._warm()
    assert shelf.index.answer("where is my deposit", k=1)[0].doc_id == str(article.pk)


def test_an_open_chat_window_says_who_it_is_by_its_token_alone(db, full):
    form = {"v": make_token(Sender("browser", "b1")), "text": "hello", "key": "k1"}
    answer = post(form)
    assert answer.status == 200 and not full
    assert Message.objects.get(kind="customer").body == "hello"
    assert {b"x-content-type-options", b"referrer-policy"} <= {name for name, _ in answer.headers}
    assert "hello" in answer.body.decode()


def test_a_word_in_chinese_is_answered_in_chinese(db, full):
    answer = post({"v": make_token(Sender("browser", "b1")), "text": "", "key": "k1"}, path="/zh-hans/chat/messages/")
    assert answer.status == 422 and "请先" in answer.body.decode() and not full


@pytest.mark.parametrize("token", ["", "forged", "cut"])
def test_whoever_has_no_valid_token_takes_the_long_way_and_is_asked_for_more(db, full, token):
    shown = make_token(Sender("browser", "b1"))[:-1] if token == "cut" else token
    assert post({"v": shown, "text": "hello", "key": "k1"}).status == 403
    assert full and Message.objects.count() == 0


def test_a_token_that_does_not_come_first_takes_the_long_way(db, full):
    assert post({"text": "hello", "key": "k1", "v": make_token(Sender("browser", "b1"))}).status == 200
    assert full


def test_a_form_without_script_gets_a_page_with_all_that_belongs_to_one(db, full):
    answer = post({"v": make_token(Sender("browser", "b1")), "text": "", "key": "k1"}, by_script=False)
    assert answer.status == 422 and full and b"content-security-policy" in {name for name, _ in answer.headers}


def test_other_pages_take_the_long_way(db, full):
    post({"v": make_token(Sender("browser", "b1")), "email": "x"}, path="/en/chat/left-message/")
    assert full


def test_a_conversation_of_somebody_else_is_not_there(db, full):
    talk = Message.objects.select_related("conversation")
    post({"v": make_token(Sender("browser", "b1")), "text": "hello", "key": "k1"})
    uid = talk.get(kind="customer").conversation.uid.hex
    for verb in ("read", "typing"):
        assert post({"v": make_token(Sender("browser", "b2")), "talk": uid, "seq": "1"}, path=f"/en/chat/{verb}/").status == 404
    assert not full


def test_how_far_one_has_read_needs_no_page_either(db, full):
    token = make_token(Sender("browser", "b1"))
    post({"v": token, "text": "hello", "key": "k1"})
    talk = Message.objects.get(kind="customer").conversation
    assert post({"v": token, "talk": talk.uid.hex, "seq": "1"}, path="/en/chat/read/").status == 204
    talk.refresh_from_db()
    assert talk.customer_read_seq == 1 and not full


def test_the_same_key_again_is_answered_with_what_is_there(db, full):
    form = {"v": make_token(Sender("browser", "b1")), "text": "hello", "key": "k1"}
    first, again = post(form), post(form)
    assert (first.status, again.status) == (200, 200) and Message.objects.filter(kind="customer").count() == 1
    assert dict(first.headers)[b"x-seq"] == dict(again.headers)[b"x-seq"]


def test_a_form_with_very_many_fields_is_refused(db, full):
    answer = post({"v": make_token(Sender("browser", "b1"))} | {f"f{n}": "x" for n in range(300)})
    assert answer.status == 400 and Message.objects.count() == 0


def test_an_error_is_logged_and_says_to_try_again(db, full, monkeypatch, caplog):
    from kefu.web.widget import window

    def fail(visitor, form):
        raise RuntimeError("broken")

    monkeypatch.setattr(window, "VERBS", {"messages": fail})
    answer = post({"v": make_token(Sender("browser", "b1")), "text": "a word", "key": "k1"})
    assert answer.status == 500 and "RuntimeError" in caplog.text and "a word" not in caplog.text
