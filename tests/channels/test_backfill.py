"""A mailbox with a past: what was there before it was connected stays there, until somebody wants it, and then once only."""

import imaplib
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from kefu.channels.email import imap
from kefu.channels.email.backfill import JOB, Refused, go_on, start, stop, work, work_on
from kefu.channels.email.imap import Unusable, connect, fetch
from kefu.channels.email.imap_search import imap_date, uids_between
from kefu.channels.email.models import Backfill, Mailbox, SeenMail
from kefu.channels.email.sign_in import NotNow
from kefu.cli import backfill as command
from kefu.conversations.models import Delivery, Message
from kefu.system.jobs.models import Job
from letters import letter
from mail_servers import Dovecot, running

CONNECTED = datetime(2026, 11, 1, 12, tzinfo=UTC)
server = pytest.mark.server


@pytest.fixture(scope="module")
def dovecot():
    with running(Dovecot) as server:
        yield server


@pytest.fixture
def box(request, db, dovecot):
    """A mailbox with ten mails, one a day before it was connected, and two after that."""
    address = f"{request.node.name[:40].lower().replace('[', '-').replace(']', '')}@beichen.example"
    client = imaplib.IMAP4("127.0.0.1", dovecot.imap)
    client.login(address, dovecot.password)
    for n in range(-10, 2):
        at = CONNECTED + timedelta(days=n, hours=1)
        raw = letter(f"mail {n}", to=address, sender=f"c{n}@mail.example", message_id=f"<{address}{n}>").as_bytes()
        client.append("INBOX", "", imaplib.Time2Internaldate(at), raw)
    client.logout()
    made = Mailbox(address=address, imap_host="127.0.0.1", imap_port=dovecot.imap, imap_security="none", imap_user=address)
    made.reads_since = CONNECTED
    made.keep_secret("imap_password", dovecot.password)
    made.save()
    return made


def read(box):
    fresh = Mailbox.objects.get(pk=box.pk)
    opened = connect(fresh)
    count = fetch(fresh, opened)
    opened.logout()
    return count


@server
def test_a_new_mailbox_begins_with_what_comes_from_then_on(box, settle):
    assert read(box) == 2 and read(box) == 0
    settle()
    assert sorted(Message.objects.filter(kind="customer").values_list("body", flat=True)) == ["mail 0", "mail 1"]


@server
def test_older_mail_is_fetched_once_and_nobody_is_answered_automatically(box, settle):
    read(box)
    settle()
    before = Delivery.objects.count()
    run = start(box, CONNECTED - timedelta(days=5), by="root")
    assert work_on(run, seconds=60)
    settle()
    run.refresh_from_db()
    assert (run.state, run.total, run.done, run.fetched) == ("done", 5, 5, 5)
    assert SeenMail.objects.filter(outcome="conversation").count() == 7 and Delivery.objects.count() == before == 2
    again = start(box, CONNECTED - timedelta(days=20), by="root")
    assert work_on(again, seconds=60)
    settle()
    again.refresh_from_db()
    assert (again.total, again.fetched) == (10, 5)
    assert Message.objects.filter(kind="customer").count() == 12 and read(box) == 0


@server
def test_it_stops_goes_on_where_it_was_and_survives_a_death(box, settle):
    run = start(box, CONNECTED - timedelta(days=30), by="root")
    assert not work_on(run, seconds=0)
    with pytest.raises(Refused, match="running"):
        start(box, CONNECTED - timedelta(days=2), by="root")
    stop(run)
    run.refresh_from_db()
    assert run.state == "stopped"
    work(run.pk)
    assert SeenMail.objects.count() == run.fetched
    assert go_on(run)
    Backfill.objects.update(working_until=now() + timedelta(minutes=1))  # somebody is at it
    assert not work_on(Backfill.objects.get(), seconds=60)
    Backfill.objects.update(working_until=now() - timedelta(seconds=1))  # somebody died in it
    settle()
    run.refresh_from_db()
    assert (run.state, run.fetched) == ("done", 10) and SeenMail.objects.count() == 10


@server
def test_new_positions_in_between_double_nothing(box, settle):
    run = start(box, CONNECTED - timedelta(days=5), by="root")
    work_on(run, seconds=60)
    settle()
    SeenMail.objects.update(uid_validity=1)
    Backfill.objects.update(uid_validity=1, state="running")
    run.refresh_from_db()
    work_on(run, seconds=60)
    settle()
    assert Message.objects.filter(kind="customer").count() == 5
    assert SeenMail.objects.filter(outcome="duplicate").count() == 5


@server
def test_a_server_that_is_gone_is_said_and_tried_again(box):
    Mailbox.objects.update(imap_port=1)
    run = start(Mailbox.objects.get(pk=box.pk), CONNECTED - timedelta(days=5), by="root")
    work(run.pk)
    run.refresh_from_db()
    assert run.state == "running" and run.error.startswith("connect") and run.working_until is None


@server
def test_the_moment_decides_not_the_day(box):
    opened = connect(box)
    found = uids_between(opened, CONNECTED - timedelta(days=2), CONNECTED)
    assert len(found) == 2 and found == sorted(found)
    assert len(uids_between(opened, None, None)) == 12
    opened.logout()
    assert imap_date(datetime(2026, 3, 5)) == "5-Mar-2026"


@server
def test_the_command_says_how_far_it_is_and_what_is_wrong(box, capsys):
    assert command.main([box.address, "--since", "2026-10-28"]) == 0
    assert "4 of 4 looked at, 4 fetched" in capsys.readouterr().out
    assert command.main([box.address, "--since", "2026-12-01"]) == 2 and "not before" in capsys.readouterr().out
    assert command.main(["nobody@x.example", "--since", "2026-10-01"]) == 2 and box.address in capsys.readouterr().out
    assert command.main([box.address, "--since", "yesterday"]) == 2 and "2026-03-01" in capsys.readouterr().out


class Doorman:
    """A server that refuses every password but one, and counts who knocked."""

    def __init__(self, monkeypatch, good):
        self.good, self.knocks = good, 0
        monkeypatch.setattr(imap, "connect", self.knock)

    def knock(self, mailbox):
        self.knocks += 1
        if mailbox.secret("imap_password") != self.good:
            raise Unusable("login: authentication failed")
        raise OSError("in, and that is all that is wanted here")


def past_box(password):
    made = Mailbox(address="a@beichen.example", imap_host="imap.example", imap_user="a", reads_since=CONNECTED)
    made.keep_secret("imap_password", password)
    made.save()
    return made


def test_a_refused_password_is_knocked_with_ever_more_rarely(monkeypatch, db, time_machine, signed_in, make_agent):
    at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    time_machine.move_to(at, tick=False)
    server, box = Doorman(monkeypatch, "right"), past_box("wrong")
    run = start(box, CONNECTED - timedelta(days=5), by="root")
    for minute in range(60):
        time_machine.move_to(at + timedelta(minutes=minute), tick=False)
        work(run.pk)
    assert server.knocks == 5, "after 0, 2, 6, 14 and 30 minutes, as whoever reads new mail does"
    run.refresh_from_db()
    assert run.state == "running" and run.error.startswith("login") and run.working_until is None
    with pytest.raises(NotNow):
        imap.let_in(box)  # and the two of them share it
    page = signed_in(make_agent("root", role="administrator")).get(f"/desk/mailboxes/{box.pk}/older/").content.decode()
    assert "Next try" in page and "every minute" not in page


def test_a_mended_password_is_used_within_a_minute(monkeypatch, db):
    server, box = Doorman(monkeypatch, "right"), past_box("wrong")
    run = start(box, CONNECTED - timedelta(days=5), by="root")
    work(run.pk)
    work(run.pk)
    box.keep_secret("imap_password", "right")
    box.save()
    assert server.knocks == 1
    work(run.pk)
    run.refresh_from_db()
    assert server.knocks == 2 and run.error.startswith("in, and")
    assert Job.objects.get(handler=JOB).due_at <= now() + timedelta(minutes=1)


def test_the_page_begins_stops_and_goes_on(signed_in, make_agent, db):
    box = Mailbox.objects.create(address="a@beichen.example", imap_host="imap.example", reads_since=CONNECTED)
    client = signed_in(make_agent("root", role="administrator"))
    path = f"/desk/mailboxes/{box.pk}/older/"
    assert 'type="date"' in client.get(path).content.decode()
    late = client.post(path, {"since": "2026-12-24"})
    assert (
        late.status_code == 422
        and "not before the mailbox was connected" in late.content.decode()
        and "2026-12-24" in late.content.decode()
    )
    assert client.post(path, {"since": "then"}).status_code == 422
    assert client.post(path, {"since": "2026-10-01"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Fetching" in page and f"{path}stop/" in page
    assert client.post(path, {"since": "2026-10-01"}).status_code == 422
    client.post(f"{path}stop/")
    assert Backfill.objects.get().state == "stopped" and "Go on with it" in client.get(path).content.decode()
    client.post(path, {"go_on": Backfill.objects.get().pk})
    assert Backfill.objects.get().state == "running"
    assert client.get(path, headers={"HX-Target": "older"}).content.decode().startswith('<div class="stack')
    assert signed_in(make_agent("sup", role="supervisor")).get(path).status_code == 403
