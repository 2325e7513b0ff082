"""Who watches what in this process. Lives on the event loop; other threads reach it by call_soon_threadsafe."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from kefu.system.live.sources import LiveEvent, source_of

log = logging.getLogger(__name__)

Key = tuple[str, str]  # channel, variant


class Feed:
    """One channel as one audience sees it: read once, however many watch."""

    __slots__ = ("known", "reading", "wanted", "watchers")

    def __init__(self) -> None:
        self.watchers: set[Watcher] = set()
        self.known = 0
        self.wanted = 0
        self.reading = False


class Watcher:
    """An open stream: ``write(bytes)`` must not block; it returns False when the stream is too slow or gone."""

    __slots__ = ("positions", "write")

    def __init__(self, write: Callable[[bytes], bool]) -> None:
        self.write = write
        self.positions: dict[Key, int] = {}

    def event_id(self) -> str:
        """The positions of all channels of this stream: what Last-Event-ID gives back."""
        return ",".join(f"{channel}={at}" for (channel, _), at in self.positions.items() if "/" in channel)


_loop: asyncio.AbstractEventLoop | None = None
_feeds: dict[str, dict[str, Feed]] = defaultdict(dict)
_pool: ThreadPoolExecutor | None = None


def start(loop: asyncio.AbstractEventLoop, threads: int = 2) -> None:
    global _loop, _pool
    _loop, _pool = loop, ThreadPoolExecutor(threads, thread_name_prefix="kefu-live")


def stop() -> None:
    global _loop, _pool
    _loop = None
    if _pool:
        _pool.shutdown(wait=False, cancel_futures=True)
    _pool = None
    _feeds.clear()


def ring(channel: str, seq: int) -> None:
    if _loop and channel in _feeds:
        _loop.call_soon_threadsafe(_rung, channel, seq)


def whisper(channel: str, name: str, data: str) -> None:
    if _loop and channel in _feeds:
        _loop.call_soon_threadsafe(_whispered, channel, name, data)


def join(watcher: Watcher, channel: str, variant: str, after: int) -> None:
    """Watch a channel from ``after`` on; what is there already is read now."""
    feed = _feeds[channel].setdefault(variant, Feed())
    feed.watchers.add(watcher)
    watcher.positions[channel, variant] = after
    if source_of(channel):
        _read(channel, variant, feed, after)


def leave(watcher: Watcher) -> None:
    for channel, variant in watcher.positions:
        feeds = _feeds.get(channel, {})
        if feed := feeds.get(variant):
            feed.watchers.discard(watcher)
            if not feed.watchers:
                del feeds[variant]
        if not feeds:
            _feeds.pop(channel, None)


def check_all() -> None:
    """Read every watched channel again: repairs whatever notification was lost."""
    for channel, feeds in list(_feeds.items()):
        if source_of(channel):
            for variant, feed in feeds.items():
                _read(channel, variant, feed, min(_positions(feed, channel, variant), default=feed.known))


def _positions(feed: Feed, channel: str, variant: str) -> list[int]:
    return [watcher.positions[channel, variant] for watcher in feed.watchers]


def _rung(channel: str, seq: int) -> None:
    for variant, feed in _feeds.get(channel, {}).items():
        feed.wanted = max(feed.wanted, seq)
        _read(channel, variant, feed, min(_positions(feed, channel, variant), default=seq))


def _read(channel: str, variant: str, feed: Feed, after: int) -> None:
    if feed.reading or _loop is None or _pool is None:
        feed.wanted = max(feed.wanted, after + 1)
        return
    feed.reading = True
    asked = feed.wanted
    future = _loop.run_in_executor(_pool, _fetch, channel, variant, after)
    future.add_done_callback(lambda done: _arrived(channel, variant, feed, asked, done))


def _fetch(channel: str, variant: str, after: int) -> list[LiveEvent]:
    source = source_of(channel)
    try:
        return source(channel, variant, after) if source else []
    finally:
        close_old_connections()


def _arrived(channel: str, variant: str, feed: Feed, asked: int, done: "asyncio.Future[list[LiveEvent]]") -> None:
    feed.reading = False
    if done.cancelled():
        return
    if error := done.exception():
        log.error("live channel could not be read: %s", type(error).__name__)
        return
    for event in done.result():
        feed.known = max(feed.known, event.id)
        for watcher in list(feed.watchers):
            if watcher.positions[channel, variant] < event.id:
                watcher.positions[channel, variant] = event.id
                watcher.write(frame(event.name, event.data, watcher.event_id()))
    behind = min(_positions(feed, channel, variant), default=feed.known)
    if feed.wanted > asked or (feed.known < feed.wanted and behind < feed.wanted and done.result()):
        _read(channel, variant, feed, behind)


def _whispered(channel: str, name: str, data: str) -> None:
    for feed in _feeds.get(channel, {}).values():
        for watcher in list(feed.watchers):
            watcher.write(frame(name, data))


def frame(name: str, data: str, event_id: str = "") -> bytes:
    """One event in the wire format of server-sent events (HTML Living Standard, section 9.2)."""
    lines = [f"id: {event_id}"] if event_id else []
    lines.append(f"event: {name}")
    lines += [f"data: {line}" for line in data.split("\n")]
    return ("\n".join(lines) + "\n\n").encode()
