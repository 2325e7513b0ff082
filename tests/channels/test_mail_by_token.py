"""Real Dovecot and Postfix that take tokens instead of passwords; many who renew at once; what becomes of a withdrawn right."""

import smtplib
import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from django.db import connections
from django.utils.timezone import now

from authorization import AuthorizationServer, stand_in
from kefu.channels.email.imap import Unusable, connect, fetch, watch
from kefu.channels.email.models import Grant, Mailbox, SeenMail
from kefu.channels.email.oauth import Lost, Tokens
from kefu.channels.email.probe import probe
from kefu.channels.email.sasl import Conversation
from kefu.channels.email.tokens import access_token, keep_tokens
from kefu.conversations.models import Delivery
from kefu.conversations.reply import reply
from letters import letter
from mail_servers import Dovecot, Postfix, eventually, running

server = pytest.mark.server


@pytest.fixture(scope="module")
def double():
    made = AuthorizationServer()
    yield made
    made.stop()


@pytest.fixture
def google(double, monkeypatch):
    """The double with nothing granted yet, for a mailbox that no other test writes to."""
    double.begin_anew(f"support-{uuid4().hex[:8]}@beichen.example")
    stand_in(monkeypatch, "google", double)
    return double


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def dovecot(request, double):
    with running(lambda home: Dovecot(home, introspection=f"{double.base}/introspect", tokens=request.param)) as server:
        yield server


@pytest.fixture(scope="module")
def postfix(dovecot):
    with running(lambda home: Postfix(home, dovecot.lmtp, sasl=dovecot.sasl)) as server:
        yield server


def granted(google, **servers):
    """A mailbox with a right, as it is after somebody agreed."""
    box = Mailbox.objects.create(address=google.account, imap_security="none", smtp_security="none", read_only=False, **servers)
    grant = Grant(mailbox=box, provider="google", client_id=google.client_id)
    grant.keep_secret("client_secret", google.client_secret)
    grant.save()
    told = google._tokens(new=True)
    keep_tokens(grant, Tokens(told["access_token"], told["refresh_token"], google.seconds, google.scope), by="root")
    return Mailbox.objects.get(pk=box.pk)


@server
def test_mail_comes_in_and_goes_out_by_token(db, google, dovecot, postfix, agent, settle, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    box = granted(google, imap_host="127.0.0.1", imap_port=dovecot.imap, smtp_host="127.0.0.1", smtp_port=postfix.port)
    assert [(one.way, one.name) for one in probe(box) if one.good] == [
        ("token", "token"), ("imap", "connect"), ("imap", "login"), ("imap", "folder"),
        ("smtp", "connect"), ("smtp", "login"), ("smtp", "sender"),
    ], probe(box)  # fmt: skip
    dovecot.deliver(letter(to=google.account, sender="ana@mail.example").as_bytes(), to=google.account)
    opened = connect(box)
    assert fetch(box, opened) == 1
    opened.logout()
    settle()
    talk = SeenMail.objects.get().conversation
    reply(talk, "Which network was it?", agent=agent)
    settle()
    assert Delivery.objects.filter(message__kind="agent").get().state == "sent", Delivery.objects.values()
    eventually(lambda: any("Which network" in words(one) for one in dovecot.mails("ana@mail.example")))
    with smtplib.SMTP("127.0.0.1", postfix.port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("x@mail.example", ["ana@mail.example"], b"x")  # nobody sends there without a token


@server
def test_a_token_that_the_mail_server_refuses_is_renewed_once(db, google, dovecot):
    box = granted(google, imap_host="127.0.0.1", imap_port=dovecot.imap)
    google.access.clear()  # ended at the provider before its time
    connect(box).logout()
    google.account = "somebody.else@beichen.example"  # the right is another mailbox's
    google.access.clear()
    with pytest.raises(Unusable, match="^login: "):
        connect(box)


@server
@pytest.mark.django_db(transaction=True)
def test_idle_goes_on_over_a_restart_and_a_withdrawn_right_loses_no_mail(google, dovecot, monkeypatch):
    """Mail that comes while the right is gone stays on the server, and is read once somebody has connected it again."""
    monkeypatch.setattr("kefu.channels.email.imap.PAUSES", (0.5,))
    box = granted(google, imap_host="127.0.0.1", imap_port=dovecot.imap)
    stop = threading.Event()

    def work():
        try:
            watch(box.pk, stop)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        dovecot.deliver(letter("one", to=google.account, sender="a@mail.example").as_bytes(), to=google.account)
        eventually(lambda: SeenMail.objects.count() == 1)
        dovecot.stop()
        google.access.clear()
        dovecot.start()
        dovecot.deliver(letter("two", to=google.account, sender="b@mail.example").as_bytes(), to=google.account)
        eventually(lambda: SeenMail.objects.count() == 2)
        google.revoke_all()
        dovecot.stop()
        eventually(lambda: Mailbox.objects.get().error)  # the open connection has ended
        dovecot.start()
        eventually(lambda: Grant.objects.get().state == "lost" and Mailbox.objects.get().error.startswith("consent: invalid_grant"))
        dovecot.deliver(letter("three", to=google.account, sender="c@mail.example").as_bytes(), to=google.account)
        assert SeenMail.objects.count() == 2
        told = google._tokens(new=True)
        keep_tokens(Grant.objects.get().as_asked(), Tokens(told["access_token"], told["refresh_token"], 3600, ""), by="root")
        eventually(lambda: SeenMail.objects.count() == 3, 60)
    finally:
        stop.set()
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_renew_at_once_one_asks(google):
    """A rotating refresh token is good once: a second request with it would end the right for everybody."""
    box = granted(google)
    google.pause = 0.3
    Grant.objects.update(access_until=now())
    got, failed, together = [], [], threading.Barrier(8)

    def ask():
        try:
            together.wait(10)
            got.append(access_token(box))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not failed and len(set(got)) == 1, (failed, got)
    assert len(google.asked) == 1 and Grant.objects.get().secret("refresh_token") in google.refresh


@pytest.mark.django_db(transaction=True)
def test_while_one_renews_the_others_go_on_with_what_is_still_good(google):
    box = granted(google)
    Grant.objects.update(access_until=now() + timedelta(minutes=3), refreshing_until=now() + timedelta(minutes=1))
    assert access_token(box) == Grant.objects.get().secret("access_token") and not google.asked


def test_whoever_dies_while_renewing_holds_nobody_up_for_long(db, google):
    box = granted(google)
    Grant.objects.update(access_until=now(), refreshing_until=now() - timedelta(seconds=1))
    assert access_token(box) in google.access


def test_tokens_that_come_too_late_do_not_take_the_place_of_newer_ones(db, google):
    box = granted(google)
    old = Grant.objects.get()
    Grant.objects.update(access_until=now())
    newer = access_token(box)
    assert not keep_tokens(old, Tokens("late", "late", 3600, ""))
    assert Grant.objects.get().secret("access_token") == newer


def test_under_another_secret_key_it_says_connect_again(db, google, settings):
    box = granted(google)
    settings.SECRET_KEY = "another"
    with pytest.raises(Lost):
        access_token(box)
    assert Grant.objects.get().state == "lost" and not google.asked


def test_the_bytes_are_the_documented_ones():
    xoauth2 = Conversation("XOAUTH2", "a@b.example", "ya29.t", "imap.b.example", 993)
    assert xoauth2.answer() == "user=a@b.example\x01auth=Bearer ya29.t\x01\x01"
    assert xoauth2.answer(b'{"status":"401","schemes":"bearer"}') == "" and xoauth2.refusal == "401 bearer"
    bearer = Conversation("OAUTHBEARER", "a,b=c@b.example", "t", "imap.b.example", 993)
    assert bearer.answer() == "n,a=a=2Cb=3Dc@b.example,\x01host=imap.b.example\x01port=993\x01auth=Bearer t\x01\x01"
    assert bearer.answer(b"not json") == "\x01"


def words(raw):
    return message_from_bytes(raw, policy=default).get_body(("plain",)).get_content()
