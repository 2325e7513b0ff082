"""Messages of customers over HTTP, stored with their timeline, events and jobs; beside the database's own bare rate.

The bare rate is what one connection of the database's driver does with the same rows: a message, an event, a job, and the
conversation's row, in one transaction."""

import asyncio
import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import uvloop

from bench.streams import allow_many_files, poster
from bench.table import Row, percentile, spread
from bench.talks import SAY, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from serving import Server  # noqa: E402

CLIENTS, BARE = 8, 3000
BASE = os.environ.get("KEFU_TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/test"
TABLES = (
    "CREATE TABLE bare_conversation (id INTEGER PRIMARY KEY, last_seq INT, touched TEXT)",
    "CREATE TABLE bare_message (conversation INT, seq INT, body TEXT, key TEXT, PRIMARY KEY (conversation, seq), UNIQUE (key))",
    "CREATE TABLE bare_event (conversation INT, kind TEXT, data TEXT)",
    "CREATE TABLE bare_job (handler TEXT, args TEXT, due TEXT)",
    "INSERT INTO bare_conversation VALUES (1, 0, '')",
)


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    count = 20_000 if full else 4_000
    with tempfile.TemporaryDirectory() as folder:
        yield row("SQLite", Path(folder), count, bare_sqlite)
    with postgresql() as url:
        if url is None:
            yield Row("store a message over HTTP, 8 clients, PostgreSQL", "not measured: PostgreSQL is not reachable", "≥ 600/s")
            return
        with tempfile.TemporaryDirectory() as folder:
            yield row("PostgreSQL", Path(folder), count, lambda home: bare_postgresql(url), KEFU_DATABASE_URL=url)


def row(name: str, home: Path, count: int, bare: Callable[[Path], float], **env: str) -> Row:
    server = Server(home, **env).start("--empty")
    try:
        rate, took = uvloop.run(store(server, count))
        limit = bare(home)
    finally:
        server.stop()
    return Row(
        f"store a message over HTTP, {CLIENTS} clients, {name}",
        f"{rate:.0f}/s ({rate / limit:.0%} of bare), {spread(took)}",
        "≥ 600/s or ≥ 10 % of bare, p99 ≤ 30 ms",
        f"bare {name} {limit:,.0f}/s",
        (rate >= 600 or rate >= limit / 10) and percentile(took, 0.99) <= 0.03,
    )


async def store(server: Server, count: int) -> tuple[float, list[float]]:
    """Messages a second, and the seconds that each took; the first tenth warms up. A talk says no more than it may."""
    each = 25
    talks = await asyncio.to_thread(make, server, count // each + 1)
    left = iter([(talk, n) for n in range(each) for talk in talks][:count])
    took: list[float] = []
    ends: list[float] = []

    async def client() -> None:
        connection = await poster(server.port)
        for talk, n in left:
            at = time.perf_counter()
            status, body = await connection.post(SAY, talk.say(f"message number {n}", f"k{n}"))
            ends.append(time.perf_counter())
            took.append(ends[-1] - at)
            assert status == 200, (status, body[:200])

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    warm = len(took) // 10
    return (len(ends) - warm) / (ends[-1] - ends[warm]), took[warm:]


def bare_sqlite(home: Path) -> float:
    connection = sqlite3.connect(home / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return bare(connection.execute, "BEGIN IMMEDIATE", "?")


def bare_postgresql(url: str) -> float:
    import psycopg

    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        return bare(connection.execute, "BEGIN", "%s")


def bare(execute: Callable, begin: str, mark: str) -> float:
    for statement in TABLES:
        execute(statement)
    at = time.perf_counter()
    for n in range(BARE):
        execute(begin)
        execute("SELECT last_seq FROM bare_conversation WHERE id = 1")
        execute(f"INSERT INTO bare_message VALUES (1, {mark}, {mark}, {mark})", (n, f"message number {n}", f"k{n}"))
        execute(f"INSERT INTO bare_event VALUES (1, 'message.received', {mark})", (f'{{"message": {n}}}',))
        execute(f"INSERT INTO bare_job VALUES ('sla', {mark}, '')", (f'{{"event": {n}}}',))
        execute(f"UPDATE bare_conversation SET last_seq = {mark} WHERE id = 1", (n,))
        execute("COMMIT")
    return BARE / (time.perf_counter() - at)


@contextlib.contextmanager
def postgresql(which: str = "kefu") -> Iterator[str | None]:
    """The address of a database of its own, gone afterwards; None where there is no PostgreSQL."""
    import psycopg

    try:
        admin = psycopg.connect(BASE.replace("postgres://", "postgresql://"), autocommit=True)
    except psycopg.OperationalError:
        yield None
        return
    name = f"{which}_bench_{os.getpid()}"
    admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield BASE.rsplit("/", 1)[0] + f"/{name}"
    finally:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.close()


if __name__ == "__main__":
    for one in rows(False):
        print(one)
