"""No room left: known for what it is, told clearly, nothing lost, nothing half kept, and over by itself."""

import asyncio
import errno
import resource
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from kefu import asgi
from kefu.channels.email.keep import keep
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.cli import doctor
from kefu.conversations.files import upload
from kefu.conversations.models import Attachment, Message
from kefu.system import readiness, room
from kefu.system.jobs.models import Job
from kefu.system.jobs.queue import enqueue
from kefu.system.jobs.run import registry, work_off

MAIL = b"From: mia@mail.example\r\nTo: help@beichen.example\r\nSubject: Where is it\r\n\r\nMy deposit.\r\n"
WRITES = ("INSERT", "UPDATE", "DELETE")


def full():
    """What SQLite really says when its file may not grow."""
    small = sqlite3.connect(":memory:")
    small.execute("PRAGMA max_page_count = 1")
    try:
        small.execute("CREATE TABLE one (a)")
    except sqlite3.Error as error:
        return error
    raise AssertionError("it fitted")


@contextmanager
def no_room_in_the_database():
    """Every statement that writes is refused; reading goes on."""

    def refuse(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            raise OperationalError("database or disk is full") from full()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def no_room_for_files():
    """The system refuses to let any file grow beyond two hundred bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(autouse=True)
def _nothing_refused_before(monkeypatch):
    monkeypatch.setattr(room, "_refused_at", -1e9)


@pytest.fixture
def no_disk(monkeypatch):
    monkeypatch.setattr(room, "free_in", lambda place: 3 * 2**20)


def test_it_is_told_from_every_other_error():
    with pytest.raises(OSError, match="No space") as refused, open("/dev/full", "wb", buffering=0) as nothing:  # noqa: PTH123
        nothing.write(b"x")
    wrapped = RuntimeError("outer")
    wrapped.__context__ = refused.value
    pg = type("DiskFull", (Exception,), {"sqlstate": "53100"})()
    assert all(room.is_full(one) for one in (refused.value, wrapped, full(), pg, OSError(errno.EDQUOT, "quota")))
    assert not any(room.is_full(one) for one in (None, OSError(errno.EACCES, "no"), sqlite3.OperationalError("locked"), ValueError()))


@pytest.mark.django_db
def test_readiness_and_the_doctor_say_where(no_disk):
    state, [words] = readiness.look()
    assert state == "degraded" and "3 MB free in" in words
    assert all(state == "bad" and "goes on by itself" in told for state, _subject, told in doctor.disk())


def asked(path):
    """Status and words of one of the process's own addresses."""
    sent = []

    async def send(part):
        sent.append(part)

    with ThreadPoolExecutor(1) as pool:  # a browser's tests may have left an event loop in this thread
        pool.submit(asyncio.run, asgi.application({"type": "http", "path": path}, None, send)).result()
    return sent[0]["status"], sent[1]["body"].decode()


def found(monkeypatch, **problems):
    """Readiness looks in a thread; what it finds there is given to it, so that no second connection stays open."""
    for name, words in problems.items():
        monkeypatch.setattr(readiness, name, lambda words=words: words)


def test_a_full_disk_keeps_readers_here_and_is_said(monkeypatch, no_disk):
    found(monkeypatch, _database="")
    for path in ("/ready", "/health"):
        status, words = asked(path)
        assert status == 200 and words.startswith("degraded\nNo room is left: 3 MB free in"), path


def test_without_its_database_it_is_not_ready_though_alive(monkeypatch):
    found(monkeypatch, _database="")
    assert [asked(path) for path in ("/ready", "/health")] == [(200, "ready"), (200, "ok")]
    found(monkeypatch, _database="The database does not answer.")
    assert asked("/ready") == (503, "not ready\nThe database does not answer.") and asked("/health") == (200, "ok")
    monkeypatch.setattr(room, "free_in", lambda place: 0)
    assert asked("/ready")[0] == 503, "degraded or not, without a database nothing can be read"


def test_a_disk_that_does_not_answer_ends_nobody(monkeypatch):
    stuck = threading.Event()
    monkeypatch.setattr(room, "free_in", lambda place: stuck.wait(60))
    monkeypatch.setattr(asgi, "LOOK", 0.05)
    threading.Timer(0.5, stuck.set).start()  # asyncio.run waits for its threads
    assert asked("/health") == (200, "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Our storage is full"), ("zh-hans", "我们的存储已满")])
def test_the_page_of_mailboxes_says_that_mail_waits_outside(make_agent, signed_in, no_disk, monkeypatch, language, words):
    admin = signed_in(make_agent("root", role="administrator", badge="1000"))
    admin.cookies["kefu_language"] = language
    page = admin.get("/desk/mailboxes/").content.decode()
    assert words in page and "./kefu doctor" in page
    monkeypatch.setattr(room, "free_in", lambda place: 2**40)
    assert words not in admin.get("/desk/mailboxes/").content.decode()


@pytest.mark.django_db
def test_a_refusal_by_a_database_elsewhere_is_remembered_for_a_minute(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert room.lack() == "" and room.note() and not room.note()
    assert "database" in room.lack()
    monkeypatch.setattr(room, "_refused_at", -1e9)
    assert room.lack() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Our storage is full"), ("zh-hans", "我们的存储已满")])
def test_an_agent_keeps_the_words_and_is_told_with_a_script_and_without(agent, talk, signed_in, language, words):
    client = signed_in(agent)
    client.raise_request_exception = False
    client.cookies["kefu_language"] = language
    typed = {"text": "Nobody types this twice, not even here."}
    with no_room_in_the_database():
        by_script = client.post(f"/desk/{talk.uid}/replies/", typed, headers={"X-Requested-With": "fetch"})
        by_form = client.post(f"/desk/{talk.uid}/replies/", typed, headers={"Origin": "http://testserver"})
        assert client.get(f"/desk/{talk.uid}/").status_code == 200, "reading goes on"
    assert by_script.status_code == by_form.status_code == 507 and by_script["Retry-After"] == "60"
    assert by_script.content.decode().startswith(words) and words in by_form.content.decode()
    assert typed["text"] in by_form.content.decode() and "no-store" in by_form["Cache-Control"]
    assert client.post(f"/desk/{talk.uid}/replies/", typed).status_code < 400
    assert list(Message.objects.filter(kind="agent").values_list("body", flat=True)) == [typed["text"]]


@pytest.mark.django_db
def test_a_file_that_finds_no_room_leaves_no_half(talk):
    text = SimpleUploadedFile("log.txt", b"line of a log\n" * 500)
    with no_room_for_files(), pytest.raises(OSError) as refused:  # noqa: PT011 - the number is looked at
        upload(talk, text, by_customer=True)
    assert room.is_full(refused.value) and not Attachment.objects.exists()
    folder = default_storage.path("attachments")
    assert not [name for sub in default_storage.listdir(folder)[0] for name in default_storage.listdir(f"{folder}/{sub}")[1]]
    text.seek(0)
    assert upload(talk, text, by_customer=True).size == text.size


@pytest.mark.django_db
@pytest.mark.parametrize("where", [no_room_in_the_database, no_room_for_files])
def test_a_mail_without_room_is_not_acknowledged_and_comes_again(where, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    box = Mailbox.objects.create(name="Help", address="help@beichen.example")
    with (
        where(),
        pytest.raises((OSError, OperationalError)) as refused,
    ):  # which is 451 over LMTP, 507 to a provider, and no step on in IMAP
        keep(box, MAIL + b"x" * 2000, source=SeenMail.Source.IMAP, uid_validity=1, imap_uid=7)
    assert room.is_full(refused.value)
    assert not SeenMail.objects.exists() and not [one for one in (tmp_path / "files").rglob("*") if one.is_file()]
    keep(box, MAIL, source=SeenMail.Source.IMAP, uid_validity=1, imap_uid=7)
    assert SeenMail.objects.count() == 1


@pytest.mark.django_db
def test_a_job_that_finds_no_room_waits_and_does_not_wear_out(monkeypatch):
    monkeypatch.setattr(registry, "local", {**registry.local, "test.full": lambda: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full"))})
    enqueue("test.full")
    for _ in range(20):
        Job.objects.update(due_at="2020-01-01T00:00:00Z")
        work_off(1)
    assert list(Job.objects.values_list("state", "tries")) == [("waiting", 0)]


@pytest.mark.django_db
def test_a_page_that_must_keep_something_says_so(db):
    client = Client(raise_request_exception=False)
    client.cookies["kefu_language"] = "en"
    client.get("/accounts/login/")
    with no_room_in_the_database():
        page = client.post("/accounts/login/", {"login": "nobody@staff.example", "password": "x"})
    assert page.status_code == 507 and "Our storage is full" in page.content.decode()
