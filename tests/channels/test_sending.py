"""How mail goes out: over kept connections, once, and without knocking at a door that is shut."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils.timezone import now

from kefu.channels.delivery import deliver, send_waiting
from kefu.channels.email import lines, sign_in
from kefu.channels.email.imap import Unusable, let_in
from kefu.channels.email.models import Mailbox, SignIn
from kefu.conversations.models import Delivery
from kefu.conversations.reply import reply
from letters import letter
from smtp_double import SmtpDouble

State = Delivery.State


@pytest.fixture(autouse=True)
def _no_lines_are_left():
    lines._idle.clear()
    yield
    while lines._idle:
        lines._idle.pop().close()


@pytest.fixture(params=[True, False], ids=["pipelining", "step by step"])
def either(request):
    double = SmtpDouble(pipelining=request.param)
    yield double
    double.close()


@pytest.fixture
def server():
    double = SmtpDouble()
    yield double
    double.close()


@pytest.fixture
def answers(arrive, mailbox, agent, settle):
    """``answers(server, 3)``: answers to three customers that wait for this server, their deliveries."""

    def make(server, count, **more):
        talks = [arrive(letter(f"question {n}", sender=f"c{n}@mail.example")).conversation for n in range(count)]
        mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.smtp_user = "127.0.0.1", server.port, "none", "support"
        mailbox.keep_secret("smtp_password", "right")
        mailbox.save()
        return [reply(talk, f"answer {n}", agent=agent, **more).deliveries.get() for n, talk in enumerate(talks)]

    return make


def states(rows):
    return list(Delivery.objects.filter(pk__in=[one.pk for one in rows]).order_by("pk").values_list("state", flat=True))


def send(rows):
    Delivery.objects.filter(pk__in=[one.pk for one in rows], state=State.DUE, due_at__lte=now()).update(due_at=now())
    for one in rows:
        deliver(one.pk)


def test_a_burst_goes_over_one_connection(either, answers):
    rows = answers(either, 5)
    send(rows)
    assert states(rows) == [State.SENT] * 5
    assert (either.connections, either.sign_ins) == (1, 1)
    assert [to for to, _content in either.mails] == [(f"c{n}@mail.example",) for n in range(5)]
    assert all(b"answer" in content and b"\r\n.\r\n" not in content for _to, content in either.mails)


def test_a_connection_carries_no_more_than_a_server_likes(server, answers, monkeypatch):
    monkeypatch.setattr(lines, "MOST_MAILS", 2)
    send(answers(server, 5))
    assert (server.connections, len(server.mails)) == (3, 5)


def test_a_connection_does_not_grow_old(server, answers, monkeypatch):
    rows = answers(server, 2)
    send(rows[:1])
    monkeypatch.setattr(lines, "MOST_SECONDS", 0.0)
    send(rows[1:])
    assert server.connections == 2 and states(rows) == [State.SENT] * 2 and not lines._idle


def test_what_nobody_uses_is_closed(server, answers, monkeypatch):
    send(answers(server, 1))
    assert len(lines._idle) == 1
    monkeypatch.setattr(lines, "IDLE_SECONDS", 0.0)
    lines._sweep()
    assert not lines._idle


def test_a_connection_that_was_dropped_is_opened_anew_and_nothing_is_sent_twice(either, answers):
    rows = answers(either, 3)
    send(rows[:1])
    either.hangs_up = True
    send(rows[1:])
    assert states(rows) == [State.SENT] * 3
    assert (either.connections, len(either.mails)) == (2, 3)


def test_a_mail_of_which_nobody_knows_whether_it_was_taken_is_not_sent_again_at_once(server, answers):
    """It may have been: the next try is the outbox's, under the same Message-ID."""
    rows = answers(server, 2)
    send(rows[:1])
    server.forgets = True
    send(rows[1:])
    assert states(rows) == [State.SENT, State.DUE] and len(server.mails) == 2
    Delivery.objects.filter(pk=rows[1].pk).update(due_at=now())
    send(rows[1:])
    assert states(rows) == [State.SENT, State.SENT]
    assert len({content.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _to, content in server.mails}) == 2


def test_a_refused_address_leaves_the_connection_good(either, answers):
    rows = answers(either, 3)
    either.refused["c1@mail.example"] = "550 5.1.1 no such user"
    send(rows)
    assert states(rows) == [State.SENT, State.FAILED, State.SENT]
    assert either.connections == 1 and [to for to, _ in either.mails] == [("c0@mail.example",), ("c2@mail.example",)]
    rows[1].refresh_from_db()
    assert rows[1].error == "550 5.1.1 no such user"


def test_where_the_customer_is_refused_nobody_in_copy_gets_it(either, answers):
    rows = answers(either, 1, data={"cc": ["bank@partner.example"]})
    either.refused["c0@mail.example"] = "451 try later"
    send(rows)
    assert states(rows) == [State.DUE] and not either.mails


def test_a_refused_copy_is_told_and_the_customer_has_the_answer(either, answers):
    rows = answers(either, 1, data={"cc": ["bank@partner.example"]})
    either.refused["bank@partner.example"] = "550 nobody"
    send(rows)
    assert states(rows) == [State.SENT] and either.mails[0][0] == ("c0@mail.example",)
    told = rows[0].message.conversation.messages.get(data__what="copy_not_delivered")
    assert (told.data["address"], told.data["error"]) == ("bank@partner.example", "550 nobody")


def test_lines_that_begin_with_a_dot_arrive_as_they_are(server, answers, agent, settle):
    rows = answers(server, 1)
    talk = rows[0].message.conversation
    row = reply(talk, ".hidden\n\n..two", agent=agent).deliveries.get()
    send([row])
    assert b"\r\n..hidden\r\n" in server.mails[0][1] and b"\r\n...two\r\n" in server.mails[0][1]  # doubled on the wire (RFC 5321, 4.5.2)


# A password that is refused


def test_a_refused_password_is_tried_once_for_all_that_wait_and_ever_more_rarely(server, answers, time_machine):
    rows = answers(server, 6)
    server.password = "another"
    begun = now()
    send(rows)
    assert server.sign_ins == 1 and states(rows) == [State.DUE] * 6
    assert all(
        error.startswith("the mailbox cannot sign in: 535")
        for error in Delivery.objects.filter(pk__in=[r.pk for r in rows]).values_list("error", flat=True)
    )
    tried = []
    for minute in range(1, 24 * 60):
        time_machine.move_to(begun + timedelta(minutes=minute))
        before = server.sign_ins
        for pk in Delivery.objects.filter(pk__in=[r.pk for r in rows], state=State.DUE, due_at__lte=now()).values_list("pk", flat=True):
            deliver(pk)
        assert server.sign_ins - before <= 1
        tried += [minute] * (server.sign_ins - before)
    pauses = [b - a for a, b in zip([0, *tried], tried, strict=False)]
    assert pauses[:4] == sorted(pauses[:4]) and 10 <= pauses[0] <= 11 and max(pauses) <= 4 * 60 + 1
    assert len(tried) <= 11, "a day"


def test_a_good_sign_in_releases_all(server, answers, time_machine):
    rows = answers(server, 4)
    server.password = "another"
    send(rows)
    server.password = "right"
    time_machine.move_to(now() + timedelta(minutes=10, seconds=1))
    send(rows)
    assert State.SENT in states(rows) and not SignIn.objects.exists()
    send(rows)
    assert states(rows) == [State.SENT] * 4 and server.sign_ins == 2
    assert set(Delivery.objects.filter(pk__in=[r.pk for r in rows]).values_list("attempts", flat=True)) == {1}


def test_a_new_password_is_tried_at_once(server, answers, mailbox):
    rows = answers(server, 2)
    server.password = "new"
    send(rows)
    mailbox.keep_secret("smtp_password", "new")
    mailbox.save()
    assert send_waiting(mailbox) == 2
    send(rows)
    assert states(rows) == [State.SENT] * 2 and server.sign_ins == 2


def test_who_mends_it_at_the_provider_has_it_tried_at_once(server, answers, mailbox):
    rows = answers(server, 1)
    server.password = "another"
    send(rows)
    server.password = "right"
    send_waiting(mailbox)
    send(rows)
    assert states(rows) == [State.SENT]


def test_who_says_try_now_is_heard_though_not_as_often_as_they_press(server, answers, mailbox, signed_in, agent):
    (row,) = answers(server, 1)
    server.password = "another"
    send([row])
    desk, page = signed_in(agent), f"/desk/{row.message.conversation.uid}/deliveries/"
    for _press in range(6):
        desk.post(f"{page}{row.pk}/now/")
        deliver(row.pk)
    assert server.sign_ins == 1 + 3
    shown = desk.get(page).content.decode()
    assert "535 5.7.8 wrong password" in shown and "the mailbox cannot sign in" not in shown


def test_an_answer_that_is_written_while_the_door_is_shut_is_told_of_in_time(server, answers, mailbox, time_machine):
    """It waits for the next try, which may be hours away; who wrote it hears of that after half an hour all the same."""
    rows = answers(server, 1)
    begun = now()
    sign_in.failed(sign_in.account_of(mailbox), "535 no", pauses=(timedelta(hours=4), timedelta(hours=4)), refused=True)
    send(rows)
    rows[0].refresh_from_db()
    assert rows[0].due_at - begun < timedelta(minutes=31) and server.connections == 0
    time_machine.move_to(rows[0].due_at + timedelta(seconds=1))
    send(rows)
    assert rows[0].message.conversation.messages.filter(data__what="not_yet_delivered").exists()


def test_a_server_that_is_gone_holds_up_nobody_for_long(server, answers, mailbox, time_machine):
    """One finds out for all that wait; each that tried it by itself would hold up the others for its time limit."""
    rows = answers(server, 5)
    server.close()
    opened = []
    real = lines.SmtpBackend.open
    lines.SmtpBackend.open = lambda self: opened.append(1) or real(self)
    try:
        send(rows)
    finally:
        lines.SmtpBackend.open = real
    assert len(opened) == 1 and states(rows) == [State.DUE] * 5
    rows[0].refresh_from_db()
    assert rows[0].error.startswith("the mail server cannot be reached: ConnectionRefusedError")
    assert rows[0].due_at - now() <= timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_threads_that_find_the_door_shut_knock_once(server, mailbox):
    mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.smtp_user = "127.0.0.1", server.port, "none", "support"
    mailbox.keep_secret("smtp_password", "wrong")
    mailbox.save()
    heard = []

    def go():
        try:
            with lines.line_of(Mailbox.objects.get(pk=mailbox.pk)):
                heard.append("in")
        except (lines.Shut, sign_in.NotNow) as error:
            heard.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(heard) == ["NotNow"] * 3 + ["Shut"] and server.sign_ins == 1


def test_one_who_died_while_knocking_shuts_nobody_out(mailbox, time_machine):
    account = sign_in.account_of(mailbox, "imap")
    sign_in.failed(account, "no", pauses=sign_in.WRONG_PASSWORD, refused=True)
    time_machine.move_to(now() + timedelta(minutes=11))
    sign_in.ask(account)  # and dies
    with pytest.raises(sign_in.NotNow):
        sign_in.ask(account)
    time_machine.move_to(now() + timedelta(minutes=3))
    sign_in.ask(account)


def test_reading_does_not_knock_each_minute_either(mailbox, monkeypatch):
    account = sign_in.account_of(mailbox, "imap")

    def refused(mailbox):
        raise Unusable("login: [AUTHENTICATIONFAILED] no")

    monkeypatch.setattr("kefu.channels.email.imap.connect", refused)
    for pause in (2, 4, 8, 16, 30, 30):
        SignIn.objects.update(again_at=now())
        with pytest.raises(Unusable):
            let_in(mailbox)
        assert round((SignIn.objects.get().again_at - now()).total_seconds() / 60) == pause
        with pytest.raises(sign_in.NotNow, match="AUTHENTICATIONFAILED"):
            sign_in.ask(account)
    mailbox.keep_secret("imap_password", "new")
    sign_in.ask(sign_in.account_of(mailbox, "imap"))


def test_a_mailbox_that_an_older_process_adds_quotes_the_last_question(db):
    from django.db import connection

    fields = [f for f in Mailbox._meta.concrete_fields if f.name not in {"id", "quotes"}]
    made = Mailbox(address="old@beichen.example")
    values = [f.get_db_prep_save(f.pre_save(made, True), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Mailbox._meta.db_table} ({', '.join(f.column for f in fields)}) VALUES ({', '.join(['%s'] * len(fields))})",
            values,
        )
    assert Mailbox.objects.get(address="old@beichen.example").quotes == "last"
