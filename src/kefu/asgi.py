"""The one process: streams are raw ASGI, everything else is Django by WSGI in threads."""

import asyncio
import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.settings")

import django

django.setup()

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from servestatic import ServeStaticASGI

from kefu.knowledge.shelf import shelf
from kefu.system import bridge, readiness
from kefu.system.collector import spare_what_is_here
from kefu.system.live import running, stream
from kefu.system.turn import write_turn

HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:css|js)$")
log = logging.getLogger(__name__)
READS = {"GET", "HEAD", "OPTIONS"}
FORM = 1024 * 1024  # bytes that the rest of a form may have beside its file
TOO_LARGE = "文件太大。File too large."

_sqlite = connection.vendor == "sqlite"
_wsgi = get_wsgi_application()
_readers = ThreadPoolExecutor(4 if _sqlite else 8, thread_name_prefix="kefu-web")
# SQLite has one writer: requests that write stand in line here, which is far quicker than in the database.
_writers = ThreadPoolExecutor(1, thread_name_prefix="kefu-write") if _sqlite else _readers


def _writing(environ: dict[str, Any], start_response: Any) -> Any:
    with write_turn():
        return _wsgi(environ, start_response)


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
        await _say(send, 200, "ok")
    elif scope["path"] == "/ready":
        missing = await asyncio.to_thread(readiness.missing)
        await _say(send, 503 if missing else 200, "\n".join(missing) or "ready")
    else:
        await _django(scope, receive, send)


async def _django(scope: Any, receive: Any, send: Any) -> None:
    limit = settings.UPLOAD_LIMIT + FORM
    length = dict(scope["headers"]).get(b"content-length", b"0")
    # Refused before it is sent; what comes nevertheless is thrown away, so that the answer arrives.
    if length.isdigit() and int(length) > limit:
        await _say(send, 413, TOO_LARGE)
        return
    app, pool = (_wsgi, _readers) if scope["method"] in READS else (_writing, _writers)
    try:
        await bridge.serve(app, pool, scope, receive, send, limit=limit, proxies=settings.PROXIES)
    except bridge.TooLarge:
        await _say(send, 413, TOO_LARGE)


async def _say(send: Any, status: int, words: str) -> None:
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
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
    """Read the articles and train on them before the first visitor asks, who would wait for it otherwise."""
    try:
        shelf.fresh()
    except Error:
        log.warning("the articles could not be read at the start; the first question reads them")
    spare_what_is_here()


_with_static = ServeStaticASGI(_django, root=settings.STATIC_ROOT, prefix="static", max_age=60, immutable_file_test=HASHED.pattern)
