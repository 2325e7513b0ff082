"""From the POST of a message to the other side's event stream: 200 talks, two watchers each, 200 messages a second, stored."""

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bench.streams import allow_many_files, at_pace, poster, watch_all
from bench.table import Row, percentile, spread
from bench.talks import SAY, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from serving import Server  # noqa: E402

TALKS, RATE = 200, 200
MARK = re.compile(rb"mark-(\d+)-")


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    seconds = 20 if full else 8
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start("--empty")
        try:
            ours, lost = uvloop.run(measure(server, seconds))
        finally:
            server.stop()
    yield Row(
        "live message",
        f"{spread(ours)}; {lost} lost",
        "p50 ≤ 3 ms, p99 ≤ 10 ms",
        ok=percentile(ours, 0.5) <= 0.003 and percentile(ours, 0.99) <= 0.01,
    )


async def measure(server, seconds):
    talks = await asyncio.to_thread(make, server, TALKS)
    sent, took, seen = {}, [], {}

    def heard(data, at):
        for n in MARK.findall(data):
            n = int(n)
            took.append(at - sent[n])
            seen[n] = seen.get(n, 0) + 1

    watchers = await watch_all(server.port, [(path, heard) for talk in talks for path in (talk.customer, talk.agent)])
    posters = [await poster(server.port) for _ in talks]

    async def say(n):
        talk = talks[n % TALKS]
        sent[n] = time.perf_counter()
        status, _ = await posters[n % TALKS].post(SAY, talk.say(f"mark-{n}-", f"k{n}"))
        assert status == 200, status

    await asyncio.sleep(1)
    await at_pace(seconds * RATE, RATE, lambda n: asyncio.ensure_future(say(n)))
    await asyncio.sleep(1)
    for watcher in watchers:
        watcher.close()
    return took[RATE:], sum(2 - seen.get(n, 0) for n in range(seconds * RATE))


if __name__ == "__main__":
    for row in rows(False):
        print(row)
