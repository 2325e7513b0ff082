"""Opening a ticket by the HTTP form, eight clients, beside django-helpdesk in the same run, on SQLite and PostgreSQL.

Both sides get a complete form by POST, answer with a redirect, and write the customer a mail, here into a file. The other one
stores the ticket and writes the mail before it answers. Ours checks the typed fields, removes secrets, recognises the customer,
weighs the priority and stores; what nobody waits for before a screen gives way to forms that come in and follows within
seconds: the clocks of the promises, the article that may help, the mail. So two rates are shown: forms answered, which is
what is compared, and forms with everything that follows from them. The other one is not measured while ours catches up.
"""

import asyncio
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import uvloop

from bench.peers.running import environment
from bench.store import postgresql
from bench.streams import allow_many_files, poster
from bench.table import Row, spread

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Server, free_port  # noqa: E402

CLIENTS, ROUNDS = 8, 3
PEER = ("django-helpdesk==2.6.1", "gunicorn", "psycopg[binary]")
FORM = "/en/tickets/new/deposits/"
TXID = "7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"
TOKENS = """
import json
from kefu.channels.webchat.adapter import Sender
from kefu.web.visitor import make_token
print(json.dumps([make_token(Sender("email", f"c{n}@mail.example")) for n in range(%d)]))
"""
FOLLOWS = ("bot.acknowledge.acknowledge", "sla.run.on_event", "channels.delivery.deliver", "reports.roll.mark")
Open = Callable[[int], Awaitable[None]]


def rows(full: bool) -> Iterator[Row]:
    allow_many_files()
    count = 1200 if full else 240
    with tempfile.TemporaryDirectory() as folder:
        peer = environment(Path(folder) / "peer", PEER)
        yield measure("SQLite", Path(folder) / "sqlite", count, peer)
        with postgresql() as ours, postgresql("peer") as theirs:
            if ours is None or theirs is None:
                yield Row(what("PostgreSQL"), "not measured: PostgreSQL is not reachable", "≥ 3 × django-helpdesk")
                return
            yield measure("PostgreSQL", Path(folder) / "postgresql", count, peer, ours, theirs)


def what(database: str) -> str:
    return f"open a ticket by the form, {CLIENTS} clients, {database}"


def measure(database: str, home: Path, count: int, peer: Path | None, ours: str = "", theirs: str = "") -> Row:
    """Both servers run; they are measured in turn, several times, and the middle rates are compared."""
    home.mkdir()
    server = Server(home, **({"KEFU_DATABASE_URL": ours} if ours else {})).start()
    try:
        tokens = json.loads(server.manage(TOKENS % (count * (ROUNDS + 1))).splitlines()[-1])
        with other(home, peer, theirs) as (port, pid):
            pids = (server.process.pid, pid)
            before = [busy(one) for one in pids]
            found = uvloop.run(rounds(server, ours, tokens, port, count))
            spent = [(busy(one) - was) * 1000 / count / (ROUNDS + 1) for one, was in zip(pids, before, strict=True)]
        mails = [written(folder / "mail") for folder in (home, home / "peer") if (folder / "mail").exists()]
    finally:
        server.stop()
    rate, hers = median(found.mine), median(found.hers)
    assert all(n == count * (ROUNDS + 1) for n in mails), f"a mail for each ticket: {mails}"
    figure = f"{rate:.0f}/s, {spread(found.took)}; {median(found.all_done):.0f}/s with clocks, help and mail, {spent[0]:.1f} ms CPU"
    if not hers:
        return Row(what(database), figure, "≥ 3 × django-helpdesk", "django-helpdesk could not be installed")
    times = rate / hers
    their = f"django-helpdesk {hers:.0f}/s with mail, {spent[1]:.1f} ms CPU: {times:.1f} ×"
    return Row(what(database), figure, "≥ 3 × django-helpdesk", their, times >= 3)


def written(folder: Path) -> int:
    """How many mails are in the files of a folder."""
    return sum(len(re.findall(rb"^Message-ID:", file.read_bytes(), re.M | re.I)) for file in folder.iterdir())


def busy(pid: int) -> float:
    """Seconds of processor time that a process and its children have used; 0 for none."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(busy(int(child)) for child in children)


@dataclass
class Rates:
    """Tickets a second in each round: ours answered, ours with everything done, theirs; and the seconds that ours took."""

    mine: list[float]
    all_done: list[float]
    hers: list[float]
    took: list[float]


async def rounds(server: Server, database: str, tokens: list[str], other_port: int, count: int) -> Rates:
    """The first round of each warms up."""
    found = Rates([], [], [], [])
    for turn in range(ROUNDS + 1):
        numbers = range(turn * count, (turn + 1) * count)
        at = time.perf_counter()
        rate, seconds = await opened(lambda: ticket(server.port, tokens), numbers)
        await asyncio.to_thread(settled, server, database)
        done = count / (time.perf_counter() - at)
        theirs = (await opened(lambda: helpdesk_ticket(other_port), numbers))[0] if other_port else 0.0
        if turn:
            found.mine.append(rate)
            found.all_done.append(done)
            found.hers.append(theirs)
            found.took += seconds
    return found


def settled(server: Server, database: str) -> None:
    """Wait until nothing that follows from a ticket is left to do."""
    left = f"SELECT count(*) FROM jobs_job WHERE handler IN {FOLLOWS}"  # noqa: S608 - our own names
    if database:
        import psycopg

        connection = psycopg.connect(database.replace("postgres://", "postgresql://"), autocommit=True)
    else:
        connection = sqlite3.connect(server.home / "kefu.sqlite3", timeout=20)
    with contextlib.closing(connection):
        for _ in range(2400):
            if not connection.execute(left).fetchone()[0]:
                return
            time.sleep(0.05)
    raise TimeoutError("what follows from the tickets was not done within two minutes")


async def opened(make: Callable[[], Awaitable[Open]], numbers: range) -> tuple[float, list[float]]:
    """So many tickets by eight clients: how many a second, and the seconds that each took."""
    left, took = iter(numbers), []

    async def client() -> None:
        send = await make()
        for n in left:
            at = time.perf_counter()
            await send(n)
            took.append(time.perf_counter() - at)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(took) / (time.perf_counter() - began), took


async def ticket(port: int, tokens: list[str]) -> Open:
    """A connection that opens tickets here, each by another customer: one alone may not send so many."""
    connection = await poster(port)

    async def send(n: int) -> None:
        text = f"I sent {n} USDT over TRC20 two hours ago and my deposit is still missing"
        data = {
            "v": tokens[n],
            "text": text,
            "f_txid": TXID,
            "f_coin": "USDT",
            "f_network": "Tron (TRC-20)",
            "f_amount": n + 1,
            "urgency": "normal",
        }
        status, body = await connection.post(FORM, urlencode(data).encode())
        assert status == 302, (status, body[-600:])

    return send


async def helpdesk_ticket(port: int) -> Open:
    """A connection that opens tickets there; the form's token is fetched once."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/tickets/submit/") as answer:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', answer.read().decode())[1]
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["csrftoken"].value
    connection = await poster(port)

    async def send(n: int) -> None:
        text = f"I sent {n} USDT over TRC20 two hours ago and my deposit is still missing"
        data = {"csrfmiddlewaretoken": token, "queue": 1, "title": text[:60], "body": f"{text} {TXID}", "priority": 3}
        body = urlencode({**data, "submitter_email": f"c{n}@mail.example"}).encode()
        status, answered = await connection.post("/tickets/submit/", body, headers=f"Cookie: csrftoken={cookie}\r\n")
        assert status == 302, (status, answered[-600:])

    return send


@contextlib.contextmanager
def other(home: Path, peer: Path | None, database: str | None) -> Iterator[tuple[int, int]]:
    """django-helpdesk by gunicorn, one process with eight threads: its port and process, zeros where it could not be installed."""
    if peer is None:
        yield 0, 0
        return
    place = home / "peer"
    place.mkdir()
    env = {**os.environ, "PEER_HOME": str(place), "PEER_DATABASE_URL": database or ""}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    here = ROOT / "bench" / "peers"
    subprocess.run([peer, "helpdesk_site.py"], cwd=here, env=env, check=True, capture_output=True)
    port = free_port()
    options = [
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "1",
        "-k",
        "gthread",
        "--threads",
        str(CLIENTS),
        "--keep-alive",
        "60",
        "--log-level",
        "error",
    ]
    running = subprocess.Popen([peer.parent / "gunicorn", "helpdesk_site:application", *options], cwd=here, env=env)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/tickets/submit/").close()
                break
            time.sleep(0.2)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait(10)


if __name__ == "__main__":
    for one in rows(False):
        print(one)
