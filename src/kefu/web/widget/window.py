"""What an open chat window says all the time: words, how far one has read, that one is typing.

Each verb gets who speaks and the form, and gives a short reply; the views answer with it, and so does ``application`` for
windows that show their token, without a session, a user or a request of Django's: those cost more than storing the words.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.http import Http404
from django.http.cookie import parse_cookie
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kefu.channels.webchat.adapter import parse
from kefu.conversations.errors import NotAllowed, TooLong
from kefu.conversations.read import read_by_customer
from kefu.conversations.receive import receive
from kefu.system import live, rate, room
from kefu.system.away import is_away
from kefu.web.ui import zone
from kefu.web.ui.errors import away, no_room
from kefu.web.visitor import Visitor, read_token
from kefu.web.widget.fragments import shown
from kefu.web.widget.talk import mine

log = logging.getLogger(__name__)

MOST_FIELDS = 200
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Reply:
    """``body`` is HTML when all is well, else one plain sentence that says what to do."""

    status: int = 204
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return "text/html; charset=utf-8" if self.status < 400 else "text/plain; charset=utf-8"


def one(form: Form, name: str) -> str:
    """The last value of a field, empty where there is none."""
    values = form.get(name)
    return values[-1] if values else ""


def typed(form: Form) -> str:
    """What is said: words, or what stands on the button that was pressed."""
    text, choice = one(form, "text").strip(), one(form, "choice")[:120]
    return text or (choice and (one(form, f"label-{choice}") or one(form, "label") or choice))


def say(visitor: Visitor, form: Form) -> Reply:
    """Say something, or press a button; the reply is the entry as it stands in the talk."""
    text, files = typed(form), tuple(filter(None, form.get("file", ())))[:10]
    if not text and not files:
        return Reply(422, _("Write a message first, or attach a file."))
    if rate.exceeded("chat", visitor.sender.address, limit=30, seconds=60):
        return Reply(429, _("That was a lot at once. Wait a moment, then send it again; nothing is lost."))
    language = get_language() or ""
    inbound = parse(
        visitor.sender,
        text=text,
        key=one(form, "key")[:64] or uuid4().hex,
        thread=one(form, "talk"),
        language=language,
        topic=one(form, "topic"),
        choice=one(form, "choice")[:120],
        files=files,
    )
    try:
        received = receive(inbound)
    except TooLong as error:
        words = _("Your message is longer than %(limit)s characters. Shorten it, or attach it as a text file.")
        return Reply(422, words % {"limit": f"{error.limit:,}"})
    except NotAllowed:
        return Reply(422, _("One of the files is not there any more. Attach it again."))
    place = {"X-Talk": received.conversation.uid.hex, "X-Seq": str(received.message.seq)}
    return Reply(200, shown(received.message, language), place)


def read(visitor: Visitor, form: Form) -> Reply:
    """How far the customer has read; also keeps the place in the queue."""
    seq = one(form, "seq")
    if seq.isdecimal() and len(seq) < 10:
        read_by_customer(mine(visitor, one(form, "talk")), int(seq))
    return Reply()


def typing(visitor: Visitor, form: Form) -> Reply:
    """The customer is typing: told, not stored, and never what."""
    live.whisper(mine(visitor, one(form, "talk")).channel_name, "typing", {"by": "customer"})
    return Reply()


VERBS: Mapping[str, Callable[[Visitor, Form], Reply]] = {"messages": say, "read": read, "typing": typing}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI for ``/<language>/chat/<verb>/``. The caller has seen that the form is small and begins with a valid token."""
    language, verb = environ["PATH_INFO"].strip("/").split("/chat/")
    try:
        form = parse_qs(environ["wsgi.input"].read().decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return _answer(start_response, Reply(400, "Too many fields."), language)
    request_started.send(sender=application, environ=environ)
    try:
        reply = _reply(VERBS[verb], form, language, environ)
    except Http404:
        reply = Reply(404, "This conversation is not there.")
    except Exception as error:
        reply = _failed(error, language)
    finally:
        request_finished.send(sender=application)
    return _answer(start_response, reply, language)


def _failed(error: Exception, language: str) -> Reply:
    """What the window shows beside the words that it keeps."""
    if is_away(error):
        with override(language):
            return Reply(503, away(), {"Retry-After": "5"})
    if not room.is_full(error):
        log.exception("a chat window was not answered")
        return Reply(500, "Something went wrong here. Try again in a moment.")
    if room.note():
        log.error("there is no room to keep a message: %s", room.lack())
    with override(language):
        return Reply(507, no_room(), {"Retry-After": "60"})


def _reply(verb: Callable[[Visitor, Form], Reply], form: Form, language: str, environ: Mapping[str, Any]) -> Reply:
    token = form["v"][0]
    sender = read_token(token)
    if sender is None:
        raise Http404
    with override(language), zone.of(parse_cookie(environ.get("HTTP_COOKIE", "")).get(zone.COOKIE, "")):
        return verb(Visitor(sender, token, from_token=True), form)


def _answer(start_response: Callable[..., Any], reply: Reply, language: str) -> Iterable[bytes]:
    headers = {"Content-Type": reply.content_type, "Content-Language": language, "Cache-Control": "no-store", **SAFE, **reply.headers}
    body = reply.body.encode()
    start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]


# What Django's SecurityMiddleware says on every other address.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
} | ({"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"} if settings.SECURE_HSTS_SECONDS else {})
