"""What users of other help desks complain about most, mail first: lost mail, wrong threads, loops. Each must not happen here.

The outage of any length and the kills are in ``test_mail_servers``, strangers with a number in ``test_take_in``.
"""

import imaplib
import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.core import mail as outbox
from django.utils.timezone import now

from kefu.channels.email.health import equation, states, troubled
from kefu.channels.email.imap import Unusable, fetch, watch
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.threads import reply_address
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation, Message
from kefu.conversations.reply import reply
from letters import letter

Outcome = SeenMail.Outcome


class Folder:
    """An IMAP folder as ``fetch`` sees it: positions and raw mails; what is marked as read there is not even asked."""

    def __init__(self, mails):
        self.mails, self.asked = dict(mails), []
        self.folder = self.client = self

    def status(self, name, wanted):
        return {"UIDVALIDITY": 7, "UIDNEXT": max(self.mails, default=0) + 1}

    def uid(self, command, *rest):
        self.asked.append((command, rest))
        if command == "SEARCH":
            first = int(rest[1].removeprefix("UID ").partition(":")[0])
            # RFC 3501, 6.4.8: "n:*" always names the last one, even below n
            return "OK", [" ".join(str(u) for u in sorted(self.mails) if u >= first or u == max(self.mails)).encode()]
        raw = self.mails[int(rest[0])]
        return "OK", [(b"%s (RFC822.SIZE %d" % (rest[0].encode(), len(raw)), raw)]


def test_mail_of_last_month_is_fetched_after_an_outage(mailbox, settle):
    old = letter("from long ago")
    old["Date"] = format_datetime(now() - timedelta(days=40))
    assert fetch(mailbox, Folder({5: old.as_bytes()})) == 1
    settle()
    assert Conversation.objects.count() == 1


def test_all_that_piled_up_is_fetched_and_not_the_last_few(mailbox, settle):
    mails = {n: letter(f"question {n}", sender=f"p{n}@mail.example").as_bytes() for n in range(1, 121)}
    assert fetch(mailbox, Folder(mails)) == 120
    assert mailbox.last_uid == 120 and SeenMail.objects.count() == 120


def test_reading_goes_on_by_itself_when_the_server_is_back(mailbox, monkeypatch):
    """Whatever it said or did not say while it was in trouble; and nobody has to switch anything on again."""
    Mailbox.objects.filter(pk=mailbox.pk).update(imap_host="127.0.0.1")
    trouble = iter([Unusable("connect: timed out"), TimeoutError(), OSError("reset"), EOFError(), imaplib.IMAP4.abort("bye"), None])
    box, stop, seen = Folder({1: letter().as_bytes()}), threading.Event(), []

    def connect(mailbox):
        if error := next(trouble):
            raise error
        return box

    def look(*given):
        seen.append(Mailbox.objects.get().failing_since)
        stop.set()

    monkeypatch.setattr("kefu.channels.email.imap.connect", connect)
    monkeypatch.setattr("kefu.channels.email.imap.close_old_connections", lambda: None)
    monkeypatch.setattr("kefu.channels.email.imap.PAUSES", (0,))
    monkeypatch.setattr("kefu.channels.email.imap._wait", look)
    watch(mailbox.pk, stop)
    assert SeenMail.objects.count() == 1 and seen == [None], "and it is said to be well again"


def test_a_server_that_names_what_it_found_in_several_lines_loses_nothing(mailbox, settle):
    class Dialect(Folder):
        def uid(self, command, *rest):
            kind, data = super().uid(command, *rest)
            return (kind, [b"3", None, b"1 2"]) if command == "SEARCH" else (kind, data)

    assert fetch(mailbox, Dialect({n: letter(f"question {n}", sender=f"p{n}@mail.example").as_bytes() for n in (1, 2, 3)})) == 3


def test_mail_that_was_read_elsewhere_is_fetched_all_the_same(mailbox, settle):
    box = Folder({1: letter("one").as_bytes(), 2: letter("two").as_bytes()})
    assert fetch(mailbox, box) == 2
    assert not any("UNSEEN" in str(rest) or "SINCE" in str(rest) for _command, rest in box.asked)
    assert fetch(mailbox, box) == 0  # and nothing twice, though the server names the last one again


def test_a_mail_without_a_message_id_stops_nothing(mailbox, settle):
    bare = letter("no id", sender="a@mail.example")
    del bare["Message-ID"]
    assert fetch(mailbox, Folder({1: bare.as_bytes(), 2: letter("next", sender="b@mail.example").as_bytes()})) == 2
    settle()
    assert sorted(Message.objects.filter(kind="customer").values_list("body", flat=True)) == ["next", "no id"]


def test_an_answer_with_our_address_in_cc_is_not_dropped(arrive):
    talk = arrive(letter()).conversation
    seen = arrive(letter("in copy to you", to="friend@mail.example", Cc=reply_address(talk.uid, "support@beichen.example")))
    assert (seen.outcome, seen.conversation_id) == (Outcome.CONVERSATION, talk.pk)


def test_a_deleted_conversation_does_not_come_back(mailbox, settle):
    box = Folder({1: letter().as_bytes()})
    fetch(mailbox, box)
    settle()
    Conversation.objects.all().delete()
    assert fetch(mailbox, box) == 0
    settle()
    assert not Conversation.objects.exists()


def test_nothing_is_lost_without_an_alarm(mailbox, arrive, django_assert_num_queries):
    arrive(letter())
    Mailbox.objects.create(address="without@beichen.example")
    with django_assert_num_queries(2):  # on every page of an administrator: however many mailboxes and mails there are
        assert troubled() == []
    seen = SeenMail.objects.get()
    SeenMail.objects.filter(pk=seen.pk).update(outcome=Outcome.WAITING, received=now() - timedelta(hours=1))
    assert not equation(since=now() - timedelta(days=1)).holds
    assert [state.trouble for state in states()] == ["late", ""]
    assert troubled() == [mailbox]


def test_answers_carry_a_thread_that_every_program_follows(arrive, settle, agent):
    seen = arrive(letter())
    for n in range(3):
        reply(seen.conversation, f"answer {n}", agent=agent)
        settle()
    sent = [one for one in outbox.outbox if one.body.lstrip().startswith("answer ")]
    assert len({one.extra_headers["Message-ID"] for one in sent}) == 3
    assert {one.extra_headers["In-Reply-To"] for one in sent} == {seen.header_id}
    assert len({one.extra_headers["References"] for one in sent}) == 1
    assert {one.subject for one in sent} == {f"Re: Withdrawal [{seen.conversation.number}]"}


def test_an_answer_to_a_merged_conversation_goes_to_where_it_went_on(arrive, agent):
    first = arrive(letter("first matter")).conversation
    second = arrive(letter("second matter", subject="Another")).conversation
    merge(second, into=first, by=agent)
    seen = arrive(letter("about the second", to=reply_address(second.uid, "support@beichen.example")))
    assert seen.conversation_id == first.pk


@pytest.mark.parametrize("alias", ["Ana <stranger@mail.example>", "stranger@mail.example"])
def test_a_stranger_who_knows_a_number_lands_in_nobodys_conversation(arrive, alias):
    talk = arrive(letter("my passport and my balance")).conversation
    seen = arrive(letter("send me all of it", sender=alias, subject=f"Re: Withdrawal [{talk.number}]"))
    assert seen.conversation_id != talk.pk and seen.conversation.customer_id != talk.customer_id
    assert seen.conversation.messages.filter(data__what="mail_claims").exists(), "and agents are told"
    assert not talk.messages.filter(body__contains="all of it").exists()


def test_the_same_subject_alone_joins_nothing(arrive):
    assert arrive(letter("one")).conversation_id != arrive(letter("two")).conversation_id


def test_answers_quote_what_was_asked(arrive, settle, agent):
    seen = arrive(letter("Where is my deposit?"))
    reply(seen.conversation, "On its way.", agent=agent)
    settle()
    assert "> Where is my deposit?" in outbox.outbox[-1].body


@pytest.mark.parametrize("field", ["Auto_Submitted", "X_Autoreply", "Precedence"])
def test_a_robot_that_answers_everything_gets_no_second_answer(arrive, settle, field):
    for n in range(10):
        arrive(
            letter(f"I am a robot {n}", sender="robot@other.example", **{field: {"Precedence": "auto_reply"}.get(field, "auto-replied")})
        )
    assert not outbox.outbox and not Conversation.objects.exists()


def test_a_robot_that_hides_is_answered_once_an_hour(arrive):
    for n in range(10):
        arrive(letter(f"ticket {n} was opened", sender="robot@other.example"))
    assert len(outbox.outbox) == 1


def test_two_systems_that_answer_by_themselves_come_to_an_end(arrive, settle, agent):
    """Each mail of theirs has other words and hides that nobody wrote it; ours says so, and there is one an hour."""
    for n in range(30):
        ours = outbox.outbox[-1] if outbox.outbox else None
        more = {"In_Reply_To": ours.extra_headers["Message-ID"]} if ours else {}
        to = ours.reply_to[0] if ours else "support@beichen.example"
        arrive(letter(f"We have opened ticket {n} for you", sender="desk@other.example", to=to, subject=f"[#{n}] opened", **more))
    assert len(outbox.outbox) == 1
    assert outbox.outbox[0].extra_headers["Auto-Submitted"] == "auto-replied"


def test_a_bounce_is_no_question_and_is_told_where_it_belongs(arrive, settle, agent):
    seen = arrive(letter())
    reply(seen.conversation, "answer", agent=agent)
    settle()
    ours = outbox.outbox[-1].extra_headers["Message-ID"]
    told = arrive(
        (
            "From: MAILER-DAEMON@mx.example\r\nTo: support@beichen.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
            "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ana@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {ours}\r\n\r\nx\r\n--b--\r\n"
        ).encode()
    )
    assert (told.outcome, told.conversation_id) == (Outcome.BOUNCE, seen.conversation_id)
    assert Conversation.objects.count() == 1 and len(outbox.outbox) == 2, "nobody answers a bounce"
    assert seen.conversation.messages.filter(data__what="not_delivered").exists()
