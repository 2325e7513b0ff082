"""Mail: a person's words found, mails a second in and out, memory for a large one."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.table import DATA, Row, not_here
from kefu.text.mail import visible_text

# What costs most of all that was tried, among them runs of every mark that anything here looks for.
HOSTILE = (
    "> a\n", "On ", "x", "a@b.c ", "From: a\n", "<div>", "-- \n", "On 1 2:30 <a@b.c>\n", "word ", "<", "&", "<br>", "<li>x", "<p>a</p>", "<h1>a",
    "<b><i>", "\n", " \n", ">" * 50 + "\n", "写道：\n", "发件人: a\n", "------------------ 原始邮件 ------------------\n", "Am 1.1.2020 schrieb a:\n",
    "Am 1.1.2020 schrieb a:\n@<script>", "Am 1.1.2020 schrieb a:\nFrom: a\n1 ", "a: b\nFrom: a\n写道：\n", "a: b\n<li>xwrote:\n", "Sent from my iPhone\n",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[1]

INBOUND = """
import json, time
from django.core.management import call_command
call_command("migrate", verbosity=0)
from email.message import EmailMessage
from kefu.channels.email import take_in
take_in.resolve = lambda name, kind: ()
from kefu.channels.email.keep import keep
from kefu.channels.email.models import Mailbox, SeenMail
box = Mailbox.objects.create(address="support@beichen.example")
def mail(n):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = f"c{n}@mail.example", "support@beichen.example", f"Withdrawal {n}", f"<b{n}@mail.example>"
    made.set_content(f"My withdrawal number {n} of 500 USDT has not arrived.\\n\\nOn Tue, 3 Mar 2026 at 10:00, Support <s@beichen.example> wrote:\\n> Hello\\n")
    made.add_alternative(f"<p>My withdrawal number {n} of 500 USDT has not arrived.</p><div class=gmail_quote>Hello</div>", subtype="html")
    return made.as_bytes()
raws = [mail(n) for n in range(COUNT)]
take_in.take_in(keep(box, mail(COUNT), source="lmtp").pk)  # what is loaded with the first mail is no rate
began = time.process_time(), time.perf_counter()
for raw in raws:
    take_in.take_in(keep(box, raw, source="lmtp").pk)
cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
assert SeenMail.objects.filter(outcome="conversation").count() == COUNT + 1
print(json.dumps([COUNT / cpu, COUNT / wall]))
"""

OUTBOUND = """
import json, time
from django.core.management import call_command
call_command("migrate", verbosity=0)
from kefu.channels.delivery import deliver
from kefu.channels.email.models import Mailbox
from kefu.channels.form.adapter import parse
from kefu.conversations.models import Delivery
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.people.staff import create_agent
Mailbox.objects.create(address="support@beichen.example", smtp_host="127.0.0.1", smtp_port=PORT, smtp_security="none")
agent = create_agent("ann@staff.example", "correct horse battery", name="ann")
for n in range(COUNT):
    talk = receive(parse("email", f"c{n}@mail.example", topic="", text=f"Deposit {n}", key=f"k{n}", fields={}, language="en")).conversation
    reply(talk, "Which **network** was it?", agent=agent)
ids = list(Delivery.objects.filter(state="due").values_list("pk", flat=True))
began = time.perf_counter()
for pk in ids:
    deliver(pk)
wall = time.perf_counter() - began
assert Delivery.objects.filter(state="sent").count() == COUNT
print(json.dumps(COUNT / wall))
"""

LARGE = """
import base64, os, sys
head = b"From: a@b.example\\r\\nContent-Type: multipart/mixed; boundary=x\\r\\n\\r\\n--x\\r\\n\\r\\nsee file\\r\\n--x\\r\\n"
head += b"Content-Type: application/pdf; name=a.pdf\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\n"
body = base64.encodebytes(b"%PDF-1.4\\n" + os.urandom(SIZE)).replace(b"\\n", b"\\r\\n")
open(os.path.join(os.environ["KEFU_HOME"], "large.eml"), "wb").write(head + body + b"\\r\\n--x--\\r\\n")
"""

# Made in a process of its own: what a peak hides below an earlier one is not seen.
MEMORY = """
import json, os, subprocess, sys
subprocess.run([sys.executable, "-c", LARGE], check=True)
from kefu.text.mail import read
path = os.path.join(os.environ["KEFU_HOME"], "large.eml")
read(b"From: a@b.example\\r\\n\\r\\nhi")  # what is loaded with the first mail is none of it
# Not ru_maxrss: that begins with what the process was forked from had.
peak = lambda: next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:")) / 1024
raw = open(path, "rb").read()
before = peak()
mail = read(raw)
assert len(mail.attachments[0].content) > 20_000_000
reading = peak() - before
print(json.dumps([len(raw) / 1e6, reading]))
"""


def rows(full: bool) -> Iterator[Row]:
    yield from visible()
    yield inbound()
    yield outbound()
    yield memory()


def visible() -> Iterator[Row]:
    file = DATA / "email_replies.jsonl"
    if not file.exists():
        yield not_here("visible reply of a mail", "85 % / .985")
        return
    right = kept = lines = other = other_right = 0
    data = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for row in data:
        got = _flat(visible_text(row["input"], html=row["html"]))
        wanted = row["expected"]
        if wanted is not None and row["html"]:
            wanted = re.sub(r"<[^>]+>", " ", wanted).replace("&#160;", " ")
        good = wanted is None or got == _flat(wanted)
        good = (
            good and all(_flat(part) in got for part in row["contains"]) and not any(part and _flat(part) in got for part in row["absent"])
        )
        right += good
        if row["id"].startswith("ml/"):
            other += 1
            other_right += good
        for line in (wanted or "").splitlines():
            if any(c.isalnum() for c in line):
                lines += 1
                kept += _flat(line) in got
    yield Row(
        "visible reply of a mail: whole reply right",
        f"{right / len(data):.1%} of {len(data)}",
        "85 %",
        "talon 61 %",
        right / len(data) >= 0.85,
    )
    yield Row("  programs of other languages", f"{other_right / other:.1%} of {other}", "95 %", "", other_right / other >= 0.95)
    yield Row("  customers' lines kept", f"{kept / lines:.4f}", ".985", "talon .954", kept / lines >= 0.985)
    worst, shape = 0.0, ""
    for filler in HOSTILE:
        for html in (False, True):
            text = (filler * (200_000 // len(filler) + 1))[:200_000]
            took = min(_cpu(text, html) for _ in range(3))
            worst, shape = max((worst, shape), (took, f"{filler!r}{' as HTML' if html else ''}"))
    words = f"{worst * 1000:.0f} ms of CPU ({shape})"
    yield Row(f"  slowest of {2 * len(HOSTILE)} hostile texts of 200 KB", words, "< 100 ms", "", worst < 0.1)


def _cpu(text: str, html: bool) -> float:
    began = time.process_time()
    visible_text(text, html=html)
    return time.process_time() - began


def inbound() -> Row:
    by_cpu, by_wall = _run(INBOUND.replace("COUNT", "300"))
    return Row(
        "inbound mails, raw file to message stored",
        f"{by_cpu:,.0f}/s a core ({by_wall:,.0f}/s by the clock, SQLite)",
        "100/s a core",
        "",
        by_cpu >= 100,
    )


def outbound() -> Row:
    if os.geteuid() != 0:
        return Row("outbound mails to Postfix", "not measured: needs root to start Postfix", "–")
    sys.path.insert(0, str(ROOT / "tests"))
    from mail_servers import Dovecot, Postfix

    home = Path(tempfile.mkdtemp(prefix="kefu-bench-mail-"))
    home.chmod(0o755)
    dovecot = Dovecot(home / "d")
    dovecot.start()
    postfix = Postfix(home / "p", dovecot.lmtp)
    try:
        postfix.start()
        rate = _run(OUTBOUND.replace("COUNT", "200").replace("PORT", str(postfix.port)))
    finally:
        postfix.stop()
        dovecot.stop()
    return Row("outbound mails composed and taken by Postfix", f"{rate:,.0f}/s", "–")


def memory() -> Row:
    size, used = _run(MEMORY.replace("LARGE", repr(LARGE.replace("SIZE", "22_000_000"))), django=False)
    return Row(
        f"memory to read a mail of {size:.0f} MB, its file included", f"{used:,.0f} MB", "bounded: < 2 × its size", "", used < 2 * size
    )


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _run(code: str, *, django: bool = True):  # type: ignore[no-untyped-def]
    before = "import django; django.setup()\n" if django else ""
    with tempfile.TemporaryDirectory() as home:
        env = {
            **os.environ,
            "KEFU_HOME": home,
            "DJANGO_SETTINGS_MODULE": "kefu.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "KEFU_LOG_LEVEL": "error",
        }
        done = subprocess.run([sys.executable, "-c", before + code], env=env, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])
