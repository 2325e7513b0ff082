"""The one process: streams are raw ASGI, everything else is Django by WSGI in threads."""

import asyncio
import logging
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.settings")

import django

django.setup()

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from django.urls import reverse
from servestatic import ServeStaticASGI

from kefu.conversations import guard
from kefu.conversations.models import Message
from kefu.knowledge.shelf import shelf
from kefu.system import bridge, readiness, room
from kefu.system.collector import spare_what_is_here
from kefu.system.live import running, stream
from kefu.system.turn import write_turn
from kefu.text.triage import signals
from kefu.web.desk import fragments as desk_fragments
from kefu.web.ui.errors import no_room
from kefu.web.visitor import shows_token
from kefu.web.widget import fragments as widget_fragments
from kefu.web.widget import window

CHAT = re.compile(
    rf"/(?:{'|'.join(code for code, _ in settings.LANGUAGES)})/chat/(?:{'|'.join(window.VERBS)})/"
)  # what an open window says all the time
# Names that change with what is inside: our own with its hash, somebody else's with its version. Browsers never ask for them again.
LASTING = re.compile(r"\.[0-9a-f]{12}\.(?:css|js)$|/vendor/[^/]+-\d+(?:\.\d+)+\.min\.js$")
FIRST_PAGE = 1.5  # seconds for which the articles wait to be learned, so that whoever opens a page at once gets it at once
LOOK = 1.0  # seconds that a look at the disks may take
log = logging.getLogger(__name__)
READS = {"GET", "HEAD", "OPTIONS"}
FORM = 1024 * 1024  # bytes that the rest of a form may have beside its file
BODY_HEADERS = {b"content-length", b"content-type", b"transfer-encoding"}
LANGUAGE = re.compile(r"/[a-z-]+(?=/)")

_sqlite = connection.vendor == "sqlite"
_wsgi = get_wsgi_application()
_page_shown = threading.Event()
_readers = ThreadPoolExecutor(4 if _sqlite else 8, thread_name_prefix="kefu-web")
# SQLite has one writer: requests that write stand in line here, which is far quicker than in the database.
_writers = ThreadPoolExecutor(1, thread_name_prefix="kefu-write") if _sqlite else _readers


def _writing(environ: dict[str, Any], start_response: Any) -> Any:
    with write_turn():
        return (window.application if _is_said_in_a_window(environ) else _wsgi)(environ, start_response)


def _is_said_in_a_window(environ: dict[str, Any]) -> bool:
    """By the script of an open window, which shows a token and wants no page in return: pages need all that belongs to one."""
    return bool(CHAT.fullmatch(environ["PATH_INFO"]) and environ.get("HTTP_X_REQUESTED_WITH") and shows_token(environ))


async def application(scope: Any, receive: Any, send: Any) -> None:
    """ASGI: ``kefu.server`` runs it."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"].startswith("/live/"):
        await stream.application(scope, receive, send)
    elif scope["path"].startswith(settings.STATIC_URL):
        await _with_static(scope, receive, send)
    elif scope["path"] == "/health":
        await _say(send, 200, await _health())
    elif scope["path"] == "/ready":
        state, problems = await asyncio.to_thread(readiness.look)
        await _say(send, 503 if state == readiness.NOT_READY else 200, "\n".join([state, *problems]))
    else:
        await _django(scope, receive, send)


async def _health() -> str:
    """That the process lives, and what it lacks; a disk that does not answer is no reason to end it."""
    with suppress(TimeoutError):
        if lack := await asyncio.wait_for(asyncio.to_thread(room.lack), LOOK):
            return f"{readiness.DEGRADED}\n{lack}"
    return "ok"


async def _django(scope: Any, receive: Any, send: Any) -> None:
    limit = settings.UPLOAD_LIMIT + FORM
    length = dict(scope["headers"]).get(b"content-length", b"0")
    # Refused before it is sent; what comes nevertheless is thrown away, so that the answer arrives.
    if length.isdigit() and int(length) > limit:
        await _too_large(scope, send)
        return
    app, pool = (_wsgi, _readers) if scope["method"] in READS else (_writing, _writers)
    try:
        await bridge.serve(app, pool, scope, receive, send, limit=limit, proxies=settings.PROXIES)
        _page_shown.set()
    except bridge.TooLarge:
        await _too_large(scope, send)
    except OSError as error:  # a large body is written to a temporary file
        if not room.is_full(error):
            raise
        room.note()
        await _say(send, 507, no_room())


async def _too_large(scope: Any, send: Any) -> None:
    """Say so in the reader's language, on a page or in plain words. The body itself never comes near a thread."""
    headers = [(name, value) for name, value in scope["headers"] if name not in BODY_HEADERS]
    prefix = found[0] if (found := LANGUAGE.match(scope["path"])) and found[0][1:] in dict(settings.LANGUAGES) else ""
    asked = {**scope, "method": "GET", "path": f"{prefix}/too-large/", "query_string": b"", "headers": headers}
    await bridge.serve(_wsgi, _readers, asked, _nothing, send, limit=FORM, proxies=settings.PROXIES)


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _say(send: Any, status: int, words: str) -> None:
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    running.start()
    await send({"type": "lifespan.startup.complete"})
    warming = asyncio.get_running_loop().run_in_executor(_readers, _warm)
    await receive()
    warming.cancel()
    await running.stop()
    await send({"type": "lifespan.shutdown.complete"})


def _warm() -> None:
    """Read pages, word lists and articles, and train on them, before the first visitor asks, who would wait for it otherwise."""
    try:
        reverse("chat-messages")
        for language, _name in settings.LANGUAGES:
            message = Message(kind=Message.Kind.CUSTOMER, seq=1, body="-", language=language)
            message.has_no_files()
            for fragments in (widget_fragments, desk_fragments):
                fragments.shown(message, language)
        _page_shown.wait(FIRST_PAGE)
        guard.clear("-")
        signals("-")
        shelf.fresh()
    except Error:
        log.warning("the articles could not be read at the start; the first question reads them")
    except Exception:
        log.exception("not everything could be read at the start; the first visitor waits for it")
    spare_what_is_here()


def _as_it_says(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


_with_static = ServeStaticASGI(
    _django,
    root=settings.STATIC_ROOT,
    prefix="static",
    max_age=60,
    immutable_file_test=LASTING.pattern,
    allow_all_origins=False,  # other sites load the one script of the widget, and that is no static file
    add_headers_function=_as_it_says,
)
