"""Who watches what in this process. Lives on the event loop; other threads reach it by ``ring`` and ``whisper``."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

from kefu.system.live.feed import Feed, Watcher
from kefu.system.live.frames import chunk, frame
from kefu.system.live.sources import LiveEvent, source_of

log = logging.getLogger(__name__)

READERS = 2  # threads that read for the streams: more would only take the interpreter from the requests
HEADS_AT_ONCE = 500
NOTHING: Mapping[str, Sequence[LiveEvent]] = {}

_loop: asyncio.AbstractEventLoop | None = None
_pool: ThreadPoolExecutor | None = None
_feeds: dict[str, dict[str, Feed]] = {}
_new: set[Feed] = set()


def start(loop: asyncio.AbstractEventLoop) -> None:
    """Begin to serve the streams of ``loop``."""
    global _loop, _pool
    _loop, _pool = loop, ThreadPoolExecutor(READERS, thread_name_prefix="kefu-live")


def stop() -> None:
    global _loop, _pool
    _loop = None
    if _pool:
        _pool.shutdown(wait=False, cancel_futures=True)
    _pool = None
    _feeds.clear()
    _new.clear()


def is_serving() -> bool:
    """Whether this process holds streams at all; a worker does not."""
    return _loop is not None


# From any thread. Who joins after this look finds the row itself, because a ring follows the commit.


def ring(channel: str, seq: int) -> None:
    if _loop and (feeds := _feeds.get(channel)):
        _loop.call_soon_threadsafe(rung, channel, seq, _fresh(channel, tuple(feeds.values())))


def _fresh(channel: str, feeds: Iterable[Feed]) -> dict[str, list[LiveEvent]]:
    """What is known here of what the watchers lack, by variant. Where they stand may be older than it looks from this
    thread; ``Feed.take`` looks again."""
    source = source_of(channel)
    if source is None or source.fresh is None:
        return {}
    return {feed.variant: source.fresh(channel, feed.variant, feed.at) for feed in feeds if feed.watchers}


def whisper(channel: str, name: str, data: str, variants: Collection[str] | None = None) -> None:
    if _loop and channel in _feeds:
        _loop.call_soon_threadsafe(whispered, channel, name, data, variants)


def on_loop(function: Callable[..., None], *args: Any) -> None:
    """Do something where the streams are, if this process has any."""
    if _loop:
        _loop.call_soon_threadsafe(function, *args)


# From here on: on the event loop only.


def rung(channel: str, seq: int, fresh: Mapping[str, Sequence[LiveEvent]] = NOTHING) -> None:
    """``fresh``: what is known already of what was stored, by variant; the rest is read."""
    for variant, feed in _feeds.get(channel, {}).items():
        feed.wanted = max(feed.wanted, seq)
        feed.take(fresh.get(variant, ()))
        if feed.is_due:
            _read(feed)


def whispered(channel: str, name: str, data: str, variants: Collection[str] | None = None) -> None:
    """``variants`` names whole variants or their audience, the part before the colon."""
    body = chunk(frame(name, data))
    for variant, feed in _feeds.get(channel, {}).items():
        if variants is None or variant in variants or variant.partition(":")[0] in variants:
            for watcher in (*feed.watchers, *feed.joining):
                watcher.write(body)


def join(watcher: Watcher, channel: str, variant: str, after: int) -> None:
    """Watch a channel from ``after`` on; what is there already is read now."""
    feeds = _feeds.setdefault(channel, {})
    feed = feeds.get(variant)
    if feed is None:
        feed = feeds[variant] = Feed(channel, variant)
    if source_of(channel) is None:
        feed.watchers.add(watcher)
        return
    feed.joining[watcher] = after
    if not _new and _loop:
        _loop.call_soon(_look_at_new)  # all who come in this turn of the loop are looked up together
    _new.add(feed)


def leave(watcher: Watcher, channel: str, variant: str) -> None:
    feeds = _feeds.get(channel, {})
    if feed := feeds.get(variant):
        feed.leave(watcher)
        if feed.is_empty:
            del feeds[variant]
            _new.discard(feed)
    if not feeds:
        _feeds.pop(channel, None)


def check_all() -> None:
    """Compare every watched channel with the database: repairs whatever notification was lost."""
    _look_at([feed for feeds in _feeds.values() for feed in feeds.values() if source_of(feed.channel)])


def _look_at_new() -> None:
    found = list(_new)
    _new.clear()
    _look_at(found)


def _look_at(feeds: Iterable[Feed]) -> None:
    by_heads: dict[Any, dict[str, list[Feed]]] = {}
    for feed in feeds:
        source = source_of(feed.channel)
        if source and source.heads:
            by_heads.setdefault(source.heads, {}).setdefault(feed.channel, []).append(feed)
        else:
            feed.wanted = max(feed.wanted, feed.at + 1)  # nothing tells where it stands: read it
            _read(feed)
    for heads, channels in by_heads.items():
        for names in _slices(list(channels), HEADS_AT_ONCE):
            asked = [(feed, tuple(feed.joining)) for name in names for feed in channels[name]]
            _in_thread(heads, names, then=_heads_for(asked))


def _heads_for(asked: Sequence[tuple[Feed, tuple[Watcher, ...]]]) -> Callable[[Mapping[str, int]], None]:
    def known(heads: Mapping[str, int]) -> None:
        for feed, joining in asked:
            feed.stands_at(heads.get(feed.channel, 0), joining)
            if feed.is_due:
                _read(feed)

    return known


def _read(feed: Feed) -> None:
    source = source_of(feed.channel)
    if feed.reading or feed.is_empty or source is None:
        return
    feed.reading = True
    joined, start, asked, stood = dict(feed.joining), feed.start(), feed.wanted, feed.at

    def arrived(events: list[LiveEvent]) -> None:
        feed.reading = False
        feed.hand_out(events, joined, start)
        if feed.at == stood and feed.wanted == asked:
            feed.wanted = feed.at  # there is nothing new for this audience
        if feed.is_due:
            _read(feed)

    def failed() -> None:
        feed.reading = False  # the next check tries again

    _in_thread(source.read, feed.channel, feed.variant, start, then=arrived, otherwise=failed)


def _in_thread(function: Callable[..., Any], *args: Any, then: Callable[[Any], None], otherwise: Callable[[], None] = lambda: None) -> None:
    """Ask the database in a thread, and go on here with the answer."""
    if _loop is None or _pool is None:
        return

    def done(future: "asyncio.Future[Any]") -> None:
        if future.cancelled() or _loop is None:
            return
        if error := future.exception():
            log.error("live updates could not be read: %s", type(error).__name__)
            otherwise()
        else:
            then(future.result())

    _loop.run_in_executor(_pool, _fetch, function, args).add_done_callback(done)


def _fetch(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        return function(*args)
    finally:
        close_old_connections()


def _slices(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[n : n + size] for n in range(0, len(names), size))
