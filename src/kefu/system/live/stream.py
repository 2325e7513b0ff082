"""The raw ASGI application behind /live/: holds a stream open without a thread and without a database connection."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from kefu.system.live import hub
from kefu.system.live.ticket import Watch, read

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_WAITING = 256  # frames a slow watcher may lag behind; then it is dropped, and comes back by Last-Event-ID
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_open: set["Stream"] = set()


class Stream:
    """One open response. Frames are sent as they come; while one is being sent, later ones wait in a bounded list."""

    __slots__ = ("closed", "send", "sending", "waiting", "watcher")

    def __init__(self, send: Send) -> None:
        self.send = send
        self.waiting: list[bytes] = []
        self.sending = False
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.watcher = hub.Watcher(self.write)

    def write(self, frame: bytes) -> bool:
        if self.closed.done():
            return False
        if len(self.waiting) >= MOST_WAITING:
            self.close()
            return False
        self.waiting.append(frame)
        if not self.sending:
            self.sending = True
            asyncio.get_running_loop().create_task(self.drain())
        return True

    async def drain(self) -> None:
        try:
            while self.waiting:
                body = b"".join(self.waiting)
                self.waiting.clear()
                await self.send({"type": "http.response.body", "body": body, "more_body": True})
        except Exception:
            self.close()
        finally:
            self.sending = False

    def close(self) -> None:
        if not self.closed.done():
            self.closed.set_result(None)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /live/stream?ticket=…: 401 for a ticket that is forged or too old; the page fetches a new one then."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    watches = read(query.get("ticket", [""])[0]) if scope["path"] == "/live/stream" else None
    if watches is None:
        status = 401 if scope["path"] == "/live/stream" else 404
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = dict(scope["headers"])
    resumed = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    stream = Stream(send)
    _open.add(stream)
    try:
        stream.write(b"retry: 2000\n\n")
        for watch in positions(watches, resumed):
            hub.join(stream.watcher, watch.channel, watch.variant, watch.after)
        gone = asyncio.ensure_future(disconnected(receive))
        await asyncio.wait({gone, stream.closed}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
    finally:
        hub.leave(stream.watcher)
        stream.close()
        _open.discard(stream)
    try:
        await send({"type": "http.response.body", "body": b""})
    except Exception:  # noqa: S110 - the other side has gone: there is nobody to tell
        pass


def positions(watches: list[Watch], resumed: str) -> list[Watch]:
    """The watches from where the browser was: ``resumed`` is our own event id, such as ``c/0f…=12``."""
    at = dict(part.rsplit("=", 1) for part in resumed.split(",") if "=" in part)
    return [
        Watch(w.channel, w.variant, int(at[w.channel]) if at.get(w.channel, "").isdecimal() else w.after)
        for w in watches
    ]


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def beat() -> None:
    """A sign of life on every stream, so that proxies keep them and dead ones are noticed."""
    for stream in list(_open):
        stream.write(b": \n\n")


def end_all() -> None:
    """End every stream; browsers come back by themselves."""
    for stream in list(_open):
        stream.close()


def count() -> int:
    return len(_open)
