"""One announcement to thousands of watchers: ours (a stored message, told to every desk), a bare uvloop server, Django
Channels with Redis where it is installed. The time from the request to the last watcher, median of five."""

import asyncio
import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import uvloop

from bench.streams import Poster, allow_many_files, poster, watch_all
from bench.table import Row
from bench.talks import SAY, make

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Server, free_port  # noqa: E402

ROUNDS = 5
PATIENCE = 30.0


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    watchers = 5000 if full else 2000
    ours, bare = kefu(watchers), peer(watchers, ["-m", "bench.peers.bare"])
    other, words = None, "Django Channels + Redis: not installed (pip install channels channels-redis)"
    if importlib.util.find_spec("channels") and importlib.util.find_spec("channels_redis"):
        other = peer(watchers, ["-m", "uvicorn", "--log-level", "error", "bench.peers.channels_app:application", "--port"])
        words = f"Django Channels + Redis {other * 1000:.0f} ms ({other / ours:.0f} ×)"
    good = ours <= 2 * bare and (other is None or other >= 20 * ours)
    yield Row(
        f"fan-out to {watchers:,} watchers",
        f"{ours * 1000:.0f} ms",
        "≤ 2 × bare uvloop, ≥ 20 × Channels",
        f"bare {bare * 1000:.0f} ms; {words}",
        ok=good,
    )


def kefu(watchers: int) -> float:
    grant = "from kefu.system.live import Watch, grant; print(grant([Watch('desk')], who='bench'))"
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start("--empty")
        try:
            talk = make(server, 1)[0]
            path = f"/live/stream?ticket={server.manage(grant).splitlines()[-1]}"

            async def tell(connection: Poster, n: int) -> None:
                await connection.post(SAY, talk.say(f"announcement {n}", f"k{n}"))

            return uvloop.run(measure(server.port, path, watchers, b"event: inbox", tell))
        finally:
            server.stop()


def peer(watchers: int, command: list[str]) -> float:
    port = free_port()
    running = subprocess.Popen([sys.executable, *command, str(port)], cwd=ROOT)  # noqa: S603 - our own peers

    async def tell(connection: Poster, n: int) -> None:
        await connection.post("/tell", f"announcement {n}".encode())

    try:
        return uvloop.run(measure(port, "/watch", watchers, b"event: told", tell))
    finally:
        running.terminate()
        running.wait(10)


async def reachable(port: int) -> None:
    for _ in range(100):
        try:
            (await poster(port)).transport.close()
            return
        except OSError:
            await asyncio.sleep(0.1)


async def measure(port: int, path: str, watchers: int, marker: bytes, tell: Callable) -> float:
    await reachable(port)
    seen, last = 0, 0.0

    def heard(data: bytes, at: float) -> None:
        nonlocal seen, last
        seen, last = seen + data.count(marker), at

    streams = await watch_all(port, [(path, heard)] * watchers)
    await asyncio.sleep(1)
    took = []
    for n in range(ROUNDS):
        connection = await poster(port)  # a new one: servers close those that are idle
        seen, began = 0, time.perf_counter()
        await tell(connection, n)
        while seen < watchers and time.perf_counter() - began < PATIENCE:
            await asyncio.sleep(0.002)
        took.append(last - began if seen >= watchers else PATIENCE)
        await asyncio.sleep(0.5)
    for stream in streams:
        stream.close()
    return statistics.median(took)
