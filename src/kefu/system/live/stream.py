"""GET /live/stream?ticket=…: an open stream, written to directly, without a thread, a task of its own or a queue.

The answer is 401 for a ticket that is forged or too old. A browser that comes back by itself shows the old ticket, is
refused, and gives up; the page then fetches a new ticket and connects with ``after=`` the last event id it saw (see
``frames``). Last-Event-ID says the same where the ticket is still good, and wins.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

from kefu.system.live import holders, hub
from kefu.system.live.frames import COMMENT, LAST_CHUNK, chunk, frame, opening, read_id, write_id
from kefu.system.live.sources import LiveEvent, source_of
from kefu.system.live.ticket import Watch, read

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_WAITING = 256 * 1024  # bytes that a slow watcher may lag behind; then it is dropped, and comes back for the rest
RETRY = (1000, 4000)  # milliseconds: spread, so that thousands do not come back in the same instant
BEATEN_AT_ONCE = 250
TRANSPORT = "kefu.transport"  # the name of the ASGI extension by which our server hands out the connection
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-accel-buffering", b"no"),
    (b"connection", b"close"),
]
REFUSAL = [(b"content-length", b"0"), (b"cache-control", b"no-store")]

_open: set["Stream"] = set()


class Stream:
    """One open response. ``positions`` is kept only where several channels share an event id."""

    __slots__ = ("positions", "transport", "watches")

    def __init__(self, transport: asyncio.Transport, watches: list[Watch]) -> None:
        self.transport = transport
        self.watches = watches
        sequenced = {watch.channel: watch.after for watch in watches if source_of(watch.channel)}
        self.positions = sequenced if len(sequenced) > 1 else None
        self.write(chunk(opening(write_id(sequenced), random.randint(*RETRY))))  # noqa: S311 - no secret

    def tell(self, channel: str, events: Sequence[LiveEvent], ready: dict[int, bytes]) -> None:
        if self.positions is not None:
            made = []
            for event in events:
                self.positions[channel] = event.id
                made.append(frame(event.name, event.data, write_id(self.positions)))
            self.write(chunk(b"".join(made)))
            return
        first = events[0].id  # all who lack the same are told the same, up to the last
        body = ready.get(first)
        if body is None:
            frames = (frame(event.name, event.data, write_id({channel: event.id})) for event in events)
            body = ready[first] = chunk(b"".join(frames))
        self.write(body)

    def write(self, body: bytes) -> None:
        """Give a chunk to the connection, which sends it as the other side takes it."""
        transport = self.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > MOST_WAITING:  # before: all that somebody missed may well be more at once
            transport.abort()
            return
        transport.write(body)

    def end(self) -> None:
        """Finish the response; the browser comes back by itself. What the other side does not take is not waited for."""
        self.write(LAST_CHUNK)
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The raw ASGI application behind /live/. Needs the extension ``kefu.transport`` of our own server."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    who, watches = read(query.get("ticket", [""])[0])
    transport = scope.get("extensions", {}).get(TRANSPORT)
    if status := _objection(scope, [] if holders.has_ended(who) else watches, transport):
        await send({"type": "http.response.start", "status": status, "headers": REFUSAL})
        await send({"type": "http.response.body", "body": b""})
        return
    resumed = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    stream = Stream(transport, resume(watches, resumed))
    _open.add(stream)
    holders.enter(stream, who)
    for watch in stream.watches:
        hub.join(stream, watch.channel, watch.variant, watch.after)
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        _open.discard(stream)
        holders.leave(stream, who)
        for watch in stream.watches:
            hub.leave(stream, watch.channel, watch.variant)


def _objection(scope: Scope, watches: list[Watch], transport: asyncio.Transport | None) -> int:
    """The status of a refusal; 0 for a request that may watch."""
    if scope["path"] != "/live/stream":
        return 404
    if scope["method"] != "GET":
        return 405
    if not watches:
        return 401
    return 0 if transport else 501


def resume(watches: list[Watch], event_id: str) -> list[Watch]:
    """The watches from where the browser was; a channel that ``event_id`` does not name keeps the ticket's position."""
    at = read_id(event_id)
    return [Watch(w.channel, w.variant, at.get(w.channel, w.after)) for w in watches]


async def beat() -> None:
    """A sign of life on every stream, so that proxies keep them and dead ones are noticed; a few at a time."""
    holders.end_overdue()
    body = chunk(COMMENT)
    for n, stream in enumerate(list(_open)):
        stream.write(body)
        if n % BEATEN_AT_ONCE == BEATEN_AT_ONCE - 1:
            await asyncio.sleep(0.02)


def end_all() -> None:
    """End every stream. Cheap when called again: each connection of a server that ends does."""
    ending = list(_open)
    _open.clear()
    for stream in ending:
        stream.end()


def count() -> int:
    return len(_open)
