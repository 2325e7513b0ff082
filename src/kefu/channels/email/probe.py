"""A mailbox's settings tried step by step, so that an operator sees which one is wrong."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from kefu.channels.email import sign_in
from kefu.channels.email.imap import Unusable, connect, tls_words
from kefu.channels.email.models import Mailbox, Security
from kefu.channels.email.oauth import Later, Lost
from kefu.channels.email.providers import WAYS, address_of
from kefu.channels.email.sasl import REFUSED, NoWay, sign_in_smtp
from kefu.channels.email.tokens import access_token

SECONDS = 10
IMAP_STEPS = ("connect", "tls", "login", "folder")
SMTP_STEPS = ("connect", "tls", "login", "sender")


@dataclass(frozen=True)
class Step:
    """``way`` is "imap", "smtp", "provider" or "token"; ``name`` one of the steps; ``words`` what the server said, "" where all is well."""

    way: str
    name: str
    good: bool
    words: str = ""


def probe(mailbox: Mailbox) -> list[Step]:
    """Every step of reading and sending up to the first that fails, each way by itself. Sends nothing; under 25 s.

    A server that lets us in now may be tried by everybody again.
    """
    steps: list[Step] = []
    by_token = (mailbox.imap_host and mailbox.signs_in_by_token("imap")) or (mailbox.smtp_host and mailbox.signs_in_by_token("smtp"))
    if by_token:
        steps.append(_token(mailbox))
        if not steps[0].good:
            return steps
    if mailbox.imap_host:
        steps += _imap(mailbox)
    if mailbox.provider:
        steps += _provider(mailbox)
    if mailbox.smtp_host:
        steps += _smtp(mailbox)
    return steps


def _token(mailbox: Mailbox) -> Step:
    """The right that was given at Google or Microsoft, asked for anew where the token ends soon."""
    try:
        access_token(mailbox)
    except Lost as error:
        return Step("token", "consent", False, str(error))
    except Later as error:
        return Step("token", "token", False, str(error))
    return Step("token", "token", True)


def _provider(mailbox: Mailbox) -> Iterator[Step]:
    """Ask the provider something that only a good key gets answered."""
    way = WAYS[mailbox.provider]
    import httpx  # takes its time to load: only where somebody asks

    url = address_of(mailbox) + way.question.format(domain=mailbox.address.rpartition("@")[2])
    try:
        answer = httpx.get(url, headers=way.headers(mailbox.secret("provider_key")), timeout=SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        yield Step("provider", "connect", False, str(error) or type(error).__name__)
        return
    yield Step("provider", "connect", True)
    words = "" if answer.status_code == 200 else f"{answer.status_code} {' '.join(answer.text.split())[:200]}"
    yield Step("provider", "domain" if answer.status_code == 404 else "key", answer.status_code == 200, words)


def _imap(mailbox: Mailbox) -> Iterator[Step]:
    steps = [one for one in IMAP_STEPS if one != "tls" or mailbox.imap_security != Security.NONE]
    try:
        box = connect(mailbox, timeout=SECONDS)
    except Unusable as error:
        failed, _, words = str(error).partition(": ")
        for name in steps:
            if name == failed:
                yield Step("imap", name, False, words)
                return
            yield Step("imap", name, True)
        yield Step("imap", failed, False, words)
        return
    sign_in.let_in(sign_in.account_of(mailbox, "imap"))
    with suppress(Exception):
        box.logout()
    for name in steps:
        yield Step("imap", name, True)


def _smtp(mailbox: Mailbox) -> Iterator[Step]:
    context = ssl.create_default_context()
    client: smtplib.SMTP
    try:
        if mailbox.smtp_security == Security.TLS:
            client = smtplib.SMTP_SSL(mailbox.smtp_host, mailbox.smtp_port, timeout=SECONDS, context=context)
        else:
            client = smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, timeout=SECONDS)
    except ssl.SSLError as error:
        yield Step("smtp", "tls", False, tls_words(error))
        return
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        yield Step("smtp", "connect", False, getattr(error, "strerror", "") or _said(error))
        return
    with suppress(smtplib.SMTPException, OSError), client:
        yield Step("smtp", "connect", True)
        if mailbox.smtp_security == Security.STARTTLS:
            try:
                client.starttls(context=context)
            except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
                yield Step("smtp", "tls", False, tls_words(error) if isinstance(error, ssl.SSLError) else str(error))
                return
        if mailbox.smtp_security != Security.NONE:
            yield Step("smtp", "tls", True)
        if mailbox.smtp_user or mailbox.signs_in_by_token("smtp"):
            try:
                _sign_in(client, mailbox)
            except (smtplib.SMTPException, OSError, Lost, Later, NoWay) as error:
                by_token = isinstance(error, smtplib.SMTPAuthenticationError) and mailbox.signs_in_by_token("smtp")
                yield Step("smtp", "login", False, f"{REFUSED}: {_said(error)}" if by_token else _said(error))
                return
            sign_in.let_in(sign_in.account_of(mailbox))
            yield Step("smtp", "login", True)
        code, words = client.mail(mailbox.address)
        yield Step("smtp", "sender", code < 400, "" if code < 400 else words.decode("utf-8", "replace"))
        client.rset()


def _sign_in(client: smtplib.SMTP, mailbox: Mailbox) -> None:
    if mailbox.signs_in_by_token("smtp"):
        sign_in_smtp(client, mailbox)
    else:
        client.login(mailbox.smtp_user, mailbox.secret("smtp_password"))


def _said(error: Exception) -> str:
    words = getattr(error, "smtp_error", b"")
    return words.decode("utf-8", "replace") if isinstance(words, bytes) and words else str(error)
