"""Routing decisions and promise clocks per second and core; opening a ticket in one process, form to stored and guarded."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from bench.table import Row
from kefu.routing.match import Server, Waiting, choose
from kefu.sla.clocks import Kind, Moment, What, follow
from kefu.text.business_time import Calendar

OPEN = """
import json, time
from django.core.management import call_command
call_command("migrate", verbosity=0)
from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive
def one(n):
    receive(parse("email", f"c{n}@mail.example", topic="", text=f"My deposit of {n} USDT is missing", key=f"k{n}", fields={"amount": str(n), "coin": "USDT"}, language="en"))
for n in range(20):
    one(n)
began = time.perf_counter()
for n in range(20, 220):
    one(n)
print(json.dumps(200 / (time.perf_counter() - began)))
"""


def rows(full: bool) -> Iterator[Row]:
    yield routing()
    yield clocks()
    yield opening()


def routing() -> Row:
    rng = random.Random(7)
    servers = [
        Server(
            n,
            frozenset(rng.sample(range(20), 6)),
            frozenset(rng.sample(["zh", "en", "ru", "vi"], 2)),
            frozenset(rng.sample(range(8), 2)),
            4,
            rng.randrange(5),
            None,
            rng.randrange(1, 4),
        )
        for n in range(50)
    ]
    waiting = [Waiting(n, frozenset({rng.randrange(20)}), rng.choice(["zh", "en", "ru", "vi"]), rng.randrange(8)) for n in range(2000)]
    began = time.perf_counter()
    for one in waiting:
        choose(one, servers)
    return Row("routing decisions a second, 50 agents", f"{2000 / (time.perf_counter() - began):,.0f}", "–")


def clocks() -> Row:
    office = Calendar("Asia/Shanghai", {d: ((clock_time(9), clock_time(12)), (clock_time(13), clock_time(21))) for d in range(7)})
    targets = {Kind.FIRST_REPLY: timedelta(hours=3), Kind.NEXT_REPLY: timedelta(hours=4), Kind.RESOLUTION: timedelta(hours=48)}
    start, rng, made = datetime(2026, 11, 2, tzinfo=UTC), random.Random(7), 0
    histories = []
    for _ in range(300):
        at = [start + timedelta(minutes=m) for m in sorted(rng.sample(range(1, 8000), 10))]
        histories.append([Moment(start, What.ASKED), *(Moment(t, rng.choice([What.CUSTOMER, What.AGENT, What.WAITING])) for t in at)])
    began = time.perf_counter()
    for history in histories:
        made += len(follow(history, office, targets))
    return Row("promise clocks a second, worked out from 11 moments", f"{made / (time.perf_counter() - began):,.0f}", "–")


def opening() -> Row:
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "KEFU_HOME": home, "DJANGO_SETTINGS_MODULE": "kefu.settings", "KEFU_LOG_LEVEL": "error"}
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-c", f"import django; django.setup()\n{OPEN}"], env=env, capture_output=True, text=True, check=True
        )
    rate = json.loads(done.stdout.splitlines()[-1])
    return Row("open a ticket: guarded, weighed, stored, jobs enqueued, SQLite, one core", f"{rate:,.0f}/s", "–")
