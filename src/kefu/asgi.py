"""The one process: streams are raw ASGI, everything else is Django by WSGI in threads."""

import asyncio
import os
import re
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.settings")

import django

django.setup()

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from servestatic import ServeStaticASGI

from kefu.system.live import hub, relay, stream
from kefu.system.turn import write_turn

CHECK_SECONDS = 5
HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:css|js)$")
READS = {"GET", "HEAD", "OPTIONS"}
_wsgi = get_wsgi_application()


def _writing(environ: dict[str, Any], start_response: Any) -> Any:
    with write_turn():
        return _wsgi(environ, start_response)


_sqlite = connection.vendor == "sqlite"
_reader = WSGIMiddleware(_wsgi, workers=4 if _sqlite else 8)  # type: ignore[arg-type]
_writer = WSGIMiddleware(_writing, workers=1) if _sqlite else _reader  # type: ignore[arg-type]


async def _django(scope: Any, receive: Any, send: Any) -> None:
    await (_reader if scope["method"] in READS else _writer)(scope, receive, send)


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"].startswith("/live/"):
        await stream.application(scope, receive, send)
    elif scope["path"] == "/health":
        await _answer(send, 200, b"ok")
    elif _too_large(scope):
        await _answer(send, 413, "文件太大。File too large.".encode())
    else:
        await _with_static(scope, receive, send)


def _too_large(scope: Any) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return length.isdigit() and int(length) > settings.UPLOAD_LIMIT + 1024 * 1024


async def _answer(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start(asyncio.get_running_loop())
            tasks = [asyncio.create_task(relay.listen()), asyncio.create_task(_keep_time())]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
            stream.end_all()
            hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _keep_time() -> None:
    beats = 0
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        beats += CHECK_SECONDS
        hub.check_all()
        if beats >= settings.LIVE_HEARTBEAT_SECONDS:
            beats = 0
            stream.beat()


_with_static = ServeStaticASGI(
    _django, root=settings.STATIC_ROOT, prefix="static", max_age=60, immutable_file_test=HASHED.pattern
)
