"""Django's WSGI handler under an ASGI server: the whole request first, then a thread, then the answer.

A thread is taken only when a request is complete, and is free again before the answer is on its way. So a slow client
costs a buffer or a file, never one of the few threads; and a request that breaks off is not handed on as if it were whole.
"""

import asyncio
import contextvars
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from django.db import close_old_connections

from kefu.system.busy import serving

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IN_MEMORY = 512 * 1024  # bytes of a request that are kept in memory; a larger one goes to a temporary file
PATIENCE = 60.0  # seconds without a further part of the request
PIECE = 256 * 1024  # bytes of a streamed answer that one turn of a thread reads


class Gone(Exception):
    """The client broke off, or sent nothing for too long."""


class TooLarge(Exception):
    """The request is longer than it may be."""


@dataclass(slots=True)
class Answer:
    """What Django answered; ``rest`` is there when the body comes in pieces, and must be closed by ``close``."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


async def serve(app: Wsgi, pool: Executor, scope: Scope, receive: Receive, send: Send, *, limit: int, proxies: int) -> None:
    """Answer one request with a thread of ``pool``. Raises TooLarge before anything was sent.

    ``limit``: bytes that a request may have. ``proxies``: how many reverse proxies of ours stand in front.
    """
    try:
        body, size = await _whole(receive, limit)
    except Gone:
        return
    with body:
        environ = environ_of(scope, body, size, proxies)
        work = contextvars.copy_context().run
        with serving():
            answer = await asyncio.get_running_loop().run_in_executor(pool, work, _run, app, environ)
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if answer.rest is None or answer.close is None:
        await send({"type": "http.response.body", "body": answer.body})
    else:
        await _stream(answer.rest, answer.close, pool, receive, send)


async def _whole(receive: Receive, limit: int) -> tuple[IO[bytes], int]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    body, size = message.get("body", b""), len(message.get("body", b""))
    if size <= limit and not message.get("more_body"):
        return BytesIO(body), size
    spool = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever asked
    spool.write(body)
    try:
        while message.get("more_body"):
            async with asyncio.timeout(PATIENCE):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            size += spool.write(message.get("body", b""))
            if size > limit:
                raise TooLarge
    except TimeoutError:
        spool.close()
        raise Gone from None
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool, size  # type: ignore[return-value]


def _run(app: Wsgi, environ: dict[str, Any]) -> Answer:
    """In a thread: the answer, complete unless Django streams it."""
    answer = Answer(500, [])

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        answer.status = int(status[:3])
        answer.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    result: Any = app(environ, start_response)
    if getattr(result, "streaming", False):
        answer.rest, answer.close = iter(result), result.close
        close_old_connections()  # what follows is read by whichever thread is free
        return answer
    try:
        answer.body = b"".join(result)
        return answer
    finally:
        if close := getattr(result, "close", None):
            close()


async def _stream(rest: Iterator[bytes], close: Callable[[], None], pool: Executor, receive: Receive, send: Send) -> None:
    loop = asyncio.get_running_loop()
    gone = asyncio.ensure_future(receive())
    try:
        while not gone.done() and (piece := await loop.run_in_executor(pool, _piece, rest)):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        await loop.run_in_executor(pool, close)


def _piece(rest: Iterator[bytes]) -> bytes:
    parts, size = [], 0
    for part in rest:
        parts.append(part)
        size += len(part)
        if size >= PIECE:
            break
    return b"".join(parts)


def environ_of(scope: Scope, body: IO[bytes], size: int, proxies: int) -> dict[str, Any]:
    """The request in the terms of WSGI (PEP 3333).

    Header names with an underscore are left out: WSGI cannot tell them from those with a hyphen, and a client could
    slip past a proxy what only the proxy may say.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        environ[key] = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}" if key in environ else value
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(size)
    environ["REMOTE_ADDR"] = visitor_address(client[0], environ.get("HTTP_X_FORWARDED_FOR", ""), proxies)
    return environ


def visitor_address(peer: str, forwarded: str, proxies: int) -> str:
    """Who asks, when ``proxies`` of ours stand in front: each adds the address it was asked from at the end.

    What stands before those was written by the visitor, and is believed by nobody.
    """
    chain = [*(part.strip() for part in forwarded.split(",") if part.strip()), peer]
    return chain[max(0, len(chain) - 1 - proxies)]


class _Errors:
    """Where WSGI applications complain: the log."""

    def write(self, text: str) -> None:
        if text.strip():
            log.warning(text.rstrip())

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass
