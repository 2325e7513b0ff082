"""The whole embedded system over HTTP: start, memory, a page, the first answer, idle streams, a storm."""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvloop

from bench.streams import allow_many_files, resident, threads, watch, watch_all
from bench.table import Row, percentile, spread

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Browserless, Server  # noqa: E402

SETTLE = 6


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Server(home).start()
        server.stop()
        at = time.perf_counter()
        server.start()
        httpx.get(f"{server.url}/zh-hans/", timeout=20).raise_for_status()
        cold = time.perf_counter() - at
        try:
            yield Row("start to first page (content loaded)", f"{cold:.1f} s", "< 3 s", ok=cold < 3)
            time.sleep(SETTLE)  # the articles are being learned meanwhile
            memory = resident(server.process.pid) / 1024
            yield Row("memory of the whole system, articles learned", f"{memory:.0f} MB", "< 200 MB", ok=memory < 200)
            yield page_speed(server)
            yield first_answer(server)
            yield from uvloop.run(idle_and_storm(server))
        finally:
            server.stop()


def page_speed(server) -> Row:
    with httpx.Client() as client:
        took = []
        for _ in range(40):
            at = time.perf_counter()
            client.get(f"{server.url}/zh-hans/").raise_for_status()
            took.append(time.perf_counter() - at)
    return Row("help-centre front page, over HTTP", spread(took[5:]), "< 15 ms", ok=statistics.median(took) < 0.015)


def first_answer(server) -> Row:
    took = []
    with httpx.Client(timeout=10) as client:
        for n in range(25):
            client.cookies.clear()
            window = Browserless(server, client)
            window.say("hello", f"h{n}")
            with client.stream("GET", window.stream_url()) as stream:
                lines = stream.iter_lines()
                next(lines)
                at = time.perf_counter()
                with httpx.Client(timeout=10) as second:
                    speaker = Browserless.__new__(Browserless)
                    speaker.server, speaker.client, speaker.token, speaker.talk = server, second, window.token, window.talk
                    speaker.say("充值两个小时了还没到账", f"q{n}")
                for line in lines:
                    if 'class="sources"' in line or 'data-kind="bot"' in line:
                        took.append(time.perf_counter() - at)
                        break
    return Row("first answer of the bot: question → answer seen", spread(took[3:]), "p99 < 60 ms", ok=percentile(took[3:], 0.99) < 0.06)


async def idle_and_storm(server: Server, idle: int = 5000, storm: int = 2000) -> list[Row]:
    """Streams that say nothing; then as many as ``storm`` that come back in one moment, each with eight messages to catch up."""
    with httpx.Client(timeout=10) as client:
        window = Browserless(server, client)
        await asyncio.to_thread(window.say, "human please", "k0")
        path = _path(window.stream_url())
        before, threads_before = resident(server.process.pid), threads(server.process.pid)
        watchers = await watch_all(server.port, [(path, lambda data, at: None)] * idle)
        await asyncio.sleep(1)
        each = (resident(server.process.pid) - before) / idle
        rows = [Row(f"memory of an idle stream, {idle:,} open", f"{each:.1f} KB", "≤ 16 KB", ok=each <= 16)]
        for watcher in watchers:
            watcher.close()
        await asyncio.sleep(1)
        for n in range(8):
            await asyncio.to_thread(window.say, f"while you were away {n}", f"away-{n}")
        await asyncio.sleep(6)  # long enough that nothing of it is in memory any more
        path = _path(window.stream_url())
        heard: dict[int, int] = {}
        began, last = time.perf_counter(), 0.0

        def hear(n: int) -> Callable[[bytes, float], None]:
            def on_data(data: bytes, at: float) -> None:
                nonlocal last
                if found := data.count(b"while you were away"):
                    heard[n] = heard.get(n, 0) + found
                    last = at

            return on_data

        returned = await asyncio.gather(*(watch(server.port, path, hear(n), last=f"c/{window.talk}=1") for n in range(storm)))
        while sum(heard.values()) < 8 * storm and time.perf_counter() - began < 20:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        for watcher in returned:
            watcher.close()
        right = sum(count == 8 for count in heard.values())
        left = threads(server.process.pid) - threads_before
        rows.append(
            Row(
                f"{storm:,} watchers return at once and catch up",
                f"{right:,} in {last - began:.1f} s, {left} more threads",
                "all in < 2 s, none lost or doubled",
                ok=right == storm and last - began < 2,
            )
        )
        return rows


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
