"""One announcement to thousands of watchers: ours (a stored message, told to every desk), a bare uvloop server, Django
Channels with Redis where it is installed. The time from the request to the last watcher, median of five."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import uvloop

from bench.store import postgresql
from bench.streams import allow_many_files, poster, watch_all
from bench.table import Row
from bench.talks import SAY, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from bench.peers.running import bare, channels  # noqa: E402
from serving import Server  # noqa: E402

ROUNDS = 5
PATIENCE = 30.0
GOAL = "≤ 2 × bare uvloop, ≥ 20 × Channels"
REDIS = os.environ.get("KEFU_TEST_REDIS_URL") or "redis://127.0.0.1:6379/9"


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    watchers = 5000 if full else 2000
    with bare() as port:
        limit = peer(watchers, port)
    with channels() as port:
        other = peer(watchers, port) if port else None
    yield row(f"fan-out to {watchers:,} watchers, one process", kefu(watchers), limit, other)
    with postgresql() as url:
        if url is None or not REDIS:
            yield Row("fan-out between two processes", "not measured: PostgreSQL or Redis is not reachable", GOAL)
            return
        ours = kefu(watchers, KEFU_DATABASE_URL=url, KEFU_REDIS_URL=REDIS)
        yield row(f"fan-out to {watchers:,} watchers of another process, by Redis", ours, limit, other)


def row(what: str, ours: float, limit: float, other: float | None) -> Row:
    words = "Django Channels + Redis could not be installed"
    if other is not None:
        words = f"Django Channels + Redis {other * 1000:.0f} ms ({other / ours:.0f} ×)"
    good = ours <= 2 * limit and (other is None or other >= 20 * ours)
    return Row(what, f"{ours * 1000:.0f} ms", GOAL, f"bare {limit * 1000:.0f} ms; {words}", ok=good)


def kefu(watchers: int, **env: str) -> float:
    """A customer's message is told to every desk. With two processes one stores it and the other one's watchers hear it."""
    grant = "from kefu.system.live import Watch, grant; print(grant([Watch('desk')], who='bench'))"
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        for home in (one, two):
            Path(home, "secret.key").write_text("s" * 50)
        server = Server(Path(one), **env).start("--empty")
        second = Server(Path(two), **env).start("--empty") if env else server
        try:
            talk = make(server, 1)[0]
            path = f"/live/stream?ticket={server.manage(grant).splitlines()[-1]}"

            async def tell(n: int) -> None:
                connection = await poster(server.port)  # a new one: servers close those that are idle
                await connection.post(SAY, talk.say(f"announcement {n}", f"k{n}"))

            return uvloop.run(measure(second.port, path, watchers, b"event: inbox", tell))
        finally:
            server.stop()
            second.stop()


def peer(watchers: int, port: int) -> float:
    async def tell(n: int) -> None:
        await (await poster(port)).post("/tell/all", f"announcement {n}".encode())

    return uvloop.run(measure(port, "/watch/all", watchers, b"event: told", tell))


async def reachable(port: int) -> None:
    for _ in range(100):
        try:
            (await poster(port)).transport.close()
            return
        except OSError:
            await asyncio.sleep(0.1)


async def measure(port: int, path: str, watchers: int, marker: bytes, tell: Callable[[int], Awaitable[None]]) -> float:
    await reachable(port)
    seen, last = 0, 0.0

    def heard(data: bytes, at: float) -> None:
        nonlocal seen, last
        seen, last = seen + data.count(marker), at

    streams = await watch_all(port, [(path, heard)] * watchers)
    await asyncio.sleep(1)
    took = []
    for n in range(ROUNDS):
        seen, began = 0, time.perf_counter()
        await tell(n)
        while seen < watchers and time.perf_counter() - began < PATIENCE:
            await asyncio.sleep(0.002)
        took.append(last - began if seen >= watchers else PATIENCE)
        await asyncio.sleep(0.5)
    for stream in streams:
        stream.close()
    return statistics.median(took)
