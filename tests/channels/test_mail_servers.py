"""Real servers on loopback: Dovecot's IMAP and LMTP, Postfix, our own LMTP; outages and kills lose no mail."""

import os
import random
import shutil
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from email.policy import default

import pytest

from kefu.channels.email.health import equation
from kefu.channels.email.imap import Unusable, connect, fetch
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.threads import read_token
from kefu.conversations.models import Delivery, Message
from kefu.conversations.reply import reply
from letters import letter
from mail_servers import Dovecot, Postfix, eventually, running
from serving import ROOT, Server

pytestmark = pytest.mark.server
KILLS = int(os.environ.get("KEFU_KILLS", "5"))
MAILS = int(os.environ.get("KEFU_MAILS", "300"))


@pytest.fixture(scope="module")
def dovecot():
    with running(Dovecot) as server:
        yield server


@pytest.fixture(scope="module")
def postfix(dovecot):
    with running(lambda home: Postfix(home, dovecot.lmtp)) as server:
        yield server


def mailbox_at(dovecot, address, postfix=None):
    made = Mailbox(address=address, imap_host="127.0.0.1", imap_port=dovecot.imap, imap_security="none", imap_user=address, read_only=False)
    made.keep_secret("imap_password", dovecot.password)
    if postfix:
        made.smtp_host, made.smtp_port, made.smtp_security = "127.0.0.1", postfix.port, "none"
    made.save()
    return made


def test_a_mail_goes_round(db, dovecot, postfix, agent, settle, settings):
    """In over IMAP, out over Postfix with files, the customer's answer back into the thread."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mailbox = mailbox_at(dovecot, "round@beichen.example", postfix)
    dovecot.deliver(letter(to="round@beichen.example", sender="Ana <round-ana@mail.example>").as_bytes(), to="round@beichen.example")
    box = connect(mailbox)
    assert fetch(mailbox, box) == 1
    settle()
    talk = SeenMail.objects.get(mailbox=mailbox).conversation
    reply(talk, "Which **network** was it?", agent=agent)
    settle()
    got = eventually(
        lambda: [
            m
            for m in (message_from_bytes(raw, policy=default) for raw in dovecot.mails("round-ana@mail.example"))
            if "network" in m.get_body(("plain",)).get_content()
        ]
    )[0]
    assert talk.number in got["Subject"]
    assert "<strong>network</strong>" in got.get_body(("html",)).get_content()
    back = letter(
        "It was TRC-20",
        sender="Ana <round-ana@mail.example>",
        to=str(got["Reply-To"]),
        subject="Re: " + got["Subject"],
        In_Reply_To=str(got["Message-ID"]),
    )
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.send_message(back)
    eventually(lambda: fetch(mailbox, box))
    settle()
    assert [m.body for m in talk.messages.filter(kind="customer").order_by("seq")][-1] == "It was TRC-20"
    token = str(got["Reply-To"]).split("+")[1].split("@")[0]
    assert read_token(token) == talk.uid
    box.logout()


def test_a_refused_recipient_is_told(db, dovecot, postfix, agent, settle, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mailbox = mailbox_at(dovecot, "refuse@beichen.example", postfix)
    mailbox.smtp_port = 1  # nobody listens
    mailbox.save()
    dovecot.deliver(letter(to="refuse@beichen.example", sender="refused@mail.example").as_bytes(), to="refuse@beichen.example")
    box = connect(mailbox)
    fetch(mailbox, box)
    settle()
    talk = SeenMail.objects.get(mailbox=mailbox).conversation
    delivery = Delivery.objects.filter(message__conversation=talk).first()
    assert delivery.state == Delivery.State.DUE and "Refused" in delivery.error
    box.logout()


@pytest.mark.parametrize(
    ("change", "step"),
    [({"imap_port": 1}, "connect"), ({"password": "wrong"}, "login"), ({"folder": "Nowhere"}, "folder"), ({"imap_security": "tls"}, "tls")],
)
def test_what_is_wrong_with_a_mailbox_is_said_by_step(db, dovecot, change, step):
    mailbox = mailbox_at(dovecot, "wrong@beichen.example")
    if "password" in change:
        mailbox.keep_secret("imap_password", change.pop("password"))
    for name, value in change.items():
        setattr(mailbox, name, value)
    with pytest.raises(Unusable, match=f"^{step}"):
        connect(mailbox, timeout=5)


def test_new_positions_everywhere_are_no_new_mails(db, dovecot, settle):
    """UIDVALIDITY changes, as after a restored backup: everything is fetched again, and recognised."""
    mailbox = mailbox_at(dovecot, "moved@beichen.example")
    for n in range(3):
        dovecot.deliver(
            letter(f"question {n}", to="moved@beichen.example", sender=f"m{n}@mail.example").as_bytes(), to="moved@beichen.example"
        )
    box = connect(mailbox)
    assert fetch(mailbox, box) == 3
    settle()
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=12345)
    mailbox.refresh_from_db()
    SeenMail.objects.filter(mailbox=mailbox).update(uid_validity=12345)
    assert fetch(mailbox, box) == 3
    settle()
    assert Message.objects.filter(kind="customer").count() == 3
    assert SeenMail.objects.filter(mailbox=mailbox, outcome="duplicate").count() == 3
    box.logout()


@pytest.mark.django_db(transaction=True)
def test_our_own_lmtp_keeps_before_it_says_yes(settle):
    import asyncio

    from kefu.channels.email import lmtp

    Mailbox.objects.create(address="support@beichen.example", aliases=["help@beichen.example"])
    loop, stop, port, ready = asyncio.new_event_loop(), asyncio.Event(), [], threading.Event()

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(lmtp.serve("127.0.0.1", 0, stop, ready=lambda bound: (port.append(bound), ready.set())))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(5)
    with smtplib.LMTP("127.0.0.1", port[0]) as client:
        client.sendmail("ana@mail.example", ["support+abc@beichen.example", "help@beichen.example"], letter().as_bytes())
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("ana@mail.example", ["stranger@beichen.example"], letter().as_bytes())
    assert SeenMail.objects.count() == 1
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory):
    """The folder of a Kefu that was started once."""
    server = Server(tmp_path_factory.mktemp("empty"))
    server.start("--empty")
    server.stop()
    return server.home


@pytest.fixture
def house(tmp_path, empty_home, dovecot, postfix):
    """A Kefu of its own with one mailbox at the real servers; not yet started."""
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    server = Server(tmp_path)
    server.env["KEFU_LOG_LEVEL"] = "error"
    workers = []

    def set_up(address, **more):
        server.manage(
            "from kefu.channels.email.models import Mailbox\n"
            f"m = Mailbox(address={address!r}, imap_host='127.0.0.1', imap_port={dovecot.imap}, imap_security='none', imap_user={address!r},"
            f" smtp_host='127.0.0.1', smtp_port={postfix.port}, smtp_security='none')\n"
            f"m.keep_secret('imap_password', {dovecot.password!r}); m.save()"
        )

    def work():
        command = [sys.executable, "-m", "kefu", "worker"]
        workers.append(subprocess.Popen(command, cwd=ROOT, env=server.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return workers[-1]

    server.set_up, server.work = set_up, work
    yield server
    for one in workers:
        if one.poll() is None:
            one.terminate()
            one.wait(15)


def ledger(server) -> Counter[str]:
    """How many mails have which outcome."""
    return Counter(dict(server.rows("SELECT outcome, count(*) FROM channel_email_seenmail GROUP BY outcome")))


def test_idle_brings_mail_at_once(house, dovecot):
    house.set_up("idle@beichen.example")
    house.work()
    dovecot.deliver(letter("first", to="idle@beichen.example").as_bytes(), to="idle@beichen.example")
    eventually(lambda: ledger(house)["conversation"] == 1, 40)
    time.sleep(1)  # it idles now
    at = time.monotonic()
    dovecot.deliver(letter("second thing", to="idle@beichen.example", sender="other@mail.example").as_bytes(), to="idle@beichen.example")
    got = eventually(lambda: dovecot.mails("other@mail.example"), 10)  # the confirmation is back at the customer
    assert time.monotonic() - at < 6
    assert b"Auto-Submitted: auto-replied" in got[0]


def test_an_outage_and_kills_lose_and_double_nothing(house, dovecot, postfix):
    """Mails pile up while nothing runs; the worker is killed in the middle again and again; the server goes away meanwhile."""
    address = "kill@beichen.example"
    house.set_up(address)
    folder = dovecot.home / "mail" / address / "new"
    dovecot.deliver(letter("zero", to=address, sender="k0@mail.example").as_bytes(), to=address)
    for n in range(1, MAILS):
        raw = letter(f"mail number {n}", to=address, sender=f"k{n}@mail.example", message_id=f"<kill-{n}@mail.example>").as_bytes()
        (folder / f"{1700000000 + n}.M{n}P1.test").write_bytes(raw)
        os.chown(folder / f"{1700000000 + n}.M{n}P1.test", 65534, 65534)
    chance = random.Random(7)
    for kill in range(KILLS):
        before = ledger(house)
        worker = house.work()
        # In the middle of fetching, or of taking in: as soon as more is seen or settled than before, and a moment later.
        settled = chance.random() < 0.5
        with suppress(AssertionError):  # nothing is left to be done
            eventually(
                lambda: ledger(house).total() > before.total() or (settled and ledger(house)["conversation"] > before["conversation"]), 20
            )
        time.sleep(chance.random() * 0.4)
        if kill == KILLS // 2:
            dovecot.stop()
            time.sleep(0.5)
            dovecot.start()
        worker.kill()
        worker.wait(10)
        # Leases run out by themselves after a while; the test does not wait for that.
        house.rows("UPDATE channel_email_mailbox SET leased_until = NULL, lease = NULL")
        house.rows("UPDATE jobs_job SET leased_until = '2020-01-01 00:00:00' WHERE state = 'running'")
    house.work()
    eventually(lambda: ledger(house).total() == MAILS and not ledger(house)["waiting"], 60 + MAILS / 10)
    assert ledger(house) == {"conversation": MAILS}
    bodies = [n for (n,) in house.rows("SELECT count(*) FROM conversations_message WHERE kind = 'customer' GROUP BY body")]
    assert bodies == [1] * MAILS
    # What a killed process was sending is taken up after ten minutes; the test does not wait for them.
    house.manage(
        "from kefu.conversations.models import Delivery; Delivery.objects.filter(state='sending').update(due_at='2020-01-01T00:00Z')\nfrom kefu.channels.delivery import deliver_due; deliver_due()"
    )
    postfix.flush()
    eventually(lambda: all(dovecot.has_mail(f"k{n}@mail.example") for n in range(1, MAILS)), 60 + MAILS / 5)
    ids = [message_from_bytes(raw)["Message-ID"] for n in range(1, MAILS) for raw in dovecot.mails(f"k{n}@mail.example")]
    # A kill between the server's "taken" and our note of it sends once more, under the same Message-ID.
    assert len(set(ids)) == MAILS - 1
    assert len(ids) - len(set(ids)) <= KILLS


def test_the_equation_holds(db):
    from datetime import timedelta

    from django.utils.timezone import now

    assert equation(since=now() - timedelta(days=1)).holds
