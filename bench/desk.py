"""The desk on many conversations: inbox, counts, search, reports and board at 10,000, 100,000 and (--full) 1,000,000.

Each size has a database of its own that is filled once (`kefu demo --size`) and kept for the next run: on PostgreSQL where
it answers, else a file. Pages are asked for in one process, as the server does it, without the network.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.table import Row
from kefu.cli.test import reachable

SIZES = (10_000, 100_000)
LARGE = 1_000_000
SERVER = os.environ.get("KEFU_BENCH_POSTGRES", "postgres://postgres:postgres@127.0.0.1:5432")
FOLDER = Path(tempfile.gettempdir()) / "kefu-bench"
NUMBER, UID, WORD = "number", "uid", "word"

MEASURE = """
import json, os, sys, time
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.web.desk.counts import counts
supervisor = Agent.objects.filter(role="supervisor").first()
agent = Agent.objects.filter(role="agent", teams__isnull=False).first()
some = Conversation.objects.select_related("customer").exclude(customer__exchange_uid="").order_by("-pk")[200]
def client(who):
    made = Client()
    made.force_login(who.user, backend="django.contrib.auth.backends.ModelBackend")
    return made
from kefu.system.collector import spare_what_is_here
def timed(run, times):
    run(); run()
    spare_what_is_here()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    took.sort()
    return [took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.95))], took[min(len(took) - 1, int(len(took) * 0.99))]]
def page(who, address, status=(200,)):
    asking = client(who)
    def run():
        answer = asking.get(address)
        assert answer.status_code in status, (address, answer.status_code)
    return run
text = some.messages.filter(kind="customer").first().body
txid = next((w for m in Conversation.objects.get(pk=some.pk).messages.all() for w in m.body.split() if w.startswith("0x")), "")
if not txid:
    from kefu.conversations.models import Message
    recent = Message.objects.filter(body__contains="0x").order_by("-pk")[:1]
    txid = "0x" + recent[0].body.split("0x")[1][:64] if recent else "0x1234"
searches = ["提币 审核", "充值 没到账", "withdrawal network", "liquidated position", "人脸识别", "Пополнение", some.number, some.customer.exchange_uid, txid]
found = {
    "inbox": timed(page(supervisor, "/desk/?view=open"), 150),
    "inbox of an agent": timed(page(agent, "/desk/?view=team"), 150),
    "solved": timed(page(supervisor, "/desk/?view=solved"), 150),
    "counts": timed(lambda: counts(supervisor), 150),
    "report": timed(page(supervisor, "/desk/reports/?days=30&by=topic"), 30),
    "report of a year": timed(page(supervisor, "/desk/reports/?days=365&by=agent"), 10),
    "board": timed(page(supervisor, "/desk/board/"), 30),
}
took = []
for query in searches:
    run = page(supervisor, "/desk/?q=" + __import__("urllib.parse", fromlist=["quote"]).quote(query), (200, 302))
    run()
    for _ in range(12):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
took.sort()
found["search"] = [took[len(took) // 2], took[int(len(took) * 0.95)], took[-1]]
print(json.dumps(found))
"""


def rows(full: bool) -> Iterator[Row]:
    sizes = (*SIZES, LARGE) if full else SIZES
    measured = {size: measure(size) for size in sizes}
    place = "PostgreSQL" if reachable(5432) else "SQLite"
    first, last = measured[sizes[0]], measured[sizes[-1]]
    for name, what in (("inbox", "inbox page, everything open"), ("inbox of an agent", "inbox page, an agent's teams")):
        yield Row(f"{what} ({place})", _figures(measured, name), "p99 < 80 ms", ok=last[name][2] < 0.08)
    # Only this view shows 50 rows at every size: how it grows says what the size costs.
    growth = last["solved"][0] / first["solved"][0]
    flat = f"{growth:.2f} × from {sizes[0]:,} to {sizes[-1]:,}"
    good = last["solved"][2] < 0.08 and growth <= 1.3
    yield Row(f"inbox page, 50 rows solved lately ({place})", _figures(measured, "solved"), "p99 < 80 ms, ≤ 1.3 ×", flat, good)
    yield Row(f"all view counts ({place})", _figures(measured, "counts"), "–")
    yield Row(
        f"search over conversations, nine kinds ({place})", _figures(measured, "search", 1), "p95 < 300 ms", "", last["search"][1] < 0.3
    )
    for name in ("report", "report of a year", "board"):
        yield Row(f"{name} page ({place})", _figures(measured, name), "–")


def _figures(measured: dict[int, dict[str, list[float]]], name: str, which: int = 2) -> str:
    label = {1: "p95", 2: "p99"}[which]
    return f"{label} " + " / ".join(f"{found[name][which] * 1000:.0f}" for found in measured.values()) + " ms"


def measure(size: int) -> dict[str, list[float]]:
    """The figures of one size, from a process that has that database."""
    home = FOLDER / str(size)
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "KEFU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "kefu.settings",
        "KEFU_LOG_LEVEL": "error",
        "KEFU_DATABASE_URL": "",
    }
    if reachable(5432):
        env["KEFU_DATABASE_URL"] = f"{SERVER}/{database(size)}"
    subprocess.run([sys.executable, "-m", "kefu", "demo", "--size", str(size)], env=env, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + MEASURE], env=env, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def database(size: int) -> str:
    """The name of a database of this size, made if it is not there."""
    import psycopg

    name = f"kefu_bench_{size}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}"')
    return name
