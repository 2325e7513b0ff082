"""From the POST of a message to the other side's event stream: 200 talks, two watchers each, 200 messages a second, stored."""

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench.streams import allow_many_files, at_pace, poster, watch_all
from bench.table import Row, percentile, spread
from bench.talks import SAY, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from bench.peers.running import bare, channels  # noqa: E402
from serving import Server  # noqa: E402

TALKS, RATE, SETTLE = 200, 200, 6
MARK = re.compile(rb"mark-(\d+)-")


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    seconds = 20 if full else 8
    with bare() as port:
        limit, _ = uvloop.run(measure(port, seconds, peer_talks()))
    with channels() as port:
        other, lost = uvloop.run(measure(port, seconds, peer_talks())) if port else ([], 0)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start("--empty")
        try:
            talks = make(server, TALKS)
            time.sleep(SETTLE)  # what making them led to is done
            ours, mine = uvloop.run(measure(server.port, seconds, [Pair(SAY, t.say, t.customer, t.agent) for t in talks]))
        finally:
            server.stop()
    words = f"Django Channels + Redis, nothing stored: {spread(other)}; {lost} lost" if other else "Channels could not be installed"
    quarter = not other or percentile(ours, 0.99) <= percentile(other, 0.99) / 4
    yield Row(
        f"live message, {TALKS} talks × 2 watchers, {RATE}/s, stored",
        f"{spread(ours)}; {mine} lost",
        "p50 ≤ 3 ms, p99 ≤ 10 ms, ≤ ¼ of Channels",
        f"bare uvloop, nothing stored: {spread(limit)}; {words}",
        ok=percentile(ours, 0.5) <= 0.003 and percentile(ours, 0.99) <= 0.01 and quarter and not mine,
    )


@dataclass(frozen=True)
class Pair:
    """Where one side says something, and where the two sides watch."""

    path: str
    say: Callable[[str, str], bytes]
    customer: str
    agent: str


def peer_talks() -> list[Pair]:
    return [Pair(f"/tell/t{n}", lambda text, key: text.encode(), f"/watch/t{n}", f"/watch/t{n}") for n in range(TALKS)]


async def measure(port: int, seconds: int, talks: list[Pair]) -> tuple[list[float], int]:
    """How long each message took to each watcher, without the first second's, and how many never came."""
    sent: dict[int, float] = {}
    seen: dict[int, int] = {}
    took: list[float] = []

    def heard(data: bytes, at: float) -> None:
        for n in map(int, MARK.findall(data)):
            seen[n] = seen.get(n, 0) + 1
            if n >= RATE:
                took.append(at - sent[n])

    watchers = await watch_all(port, [(path, heard) for talk in talks for path in (talk.customer, talk.agent)])
    posters = [await poster(port) for _ in talks]

    async def say(n: int) -> None:
        talk = talks[n % TALKS]
        sent[n] = time.perf_counter()
        status, _ = await posters[n % TALKS].post(talk.path, talk.say(f"mark-{n}-", f"k{n}"))
        assert status == 200, status

    await asyncio.sleep(1)
    await at_pace(seconds * RATE, RATE, lambda n: asyncio.ensure_future(say(n)))
    await asyncio.sleep(1)
    for watcher in watchers:
        watcher.close()
    return took, sum(2 - seen.get(n, 0) for n in range(seconds * RATE))


if __name__ == "__main__":
    for row in rows(False):
        print(row)
