"""A mailbox's settings tried step by step, so that an operator sees which one is wrong."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from kefu.channels.email.imap import Unusable, connect
from kefu.channels.email.models import Mailbox, Security

SECONDS = 10
IMAP_STEPS = ("connect", "tls", "login", "folder")
SMTP_STEPS = ("connect", "tls", "login", "sender")


@dataclass(frozen=True)
class Step:
    """``way`` is "imap" or "smtp"; ``name`` one of the steps; ``words`` what the server said, "" where all is well."""

    way: str
    name: str
    good: bool
    words: str = ""


def probe(mailbox: Mailbox) -> list[Step]:
    """Every step of reading and sending up to the first that fails, each way by itself. Sends nothing; under 25 s."""
    steps: list[Step] = []
    if mailbox.imap_host:
        steps += _imap(mailbox)
    if mailbox.smtp_host:
        steps += _smtp(mailbox)
    return steps


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
        yield Step("smtp", "tls", False, error.reason or str(error))
        return
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        yield Step("smtp", "connect", False, getattr(error, "strerror", "") or str(error))
        return
    with suppress(smtplib.SMTPException, OSError), client:
        yield Step("smtp", "connect", True)
        if mailbox.smtp_security == Security.STARTTLS:
            try:
                client.starttls(context=context)
            except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
                yield Step("smtp", "tls", False, str(error))
                return
        if mailbox.smtp_security != Security.NONE:
            yield Step("smtp", "tls", True)
        if mailbox.smtp_user:
            try:
                client.login(mailbox.smtp_user, mailbox.secret("smtp_password"))
            except (smtplib.SMTPException, OSError) as error:
                yield Step("smtp", "login", False, _said(error))
                return
            yield Step("smtp", "login", True)
        code, words = client.mail(mailbox.address)
        yield Step("smtp", "sender", code < 400, "" if code < 400 else words.decode("utf-8", "replace"))
        client.rset()


def _said(error: Exception) -> str:
    words = getattr(error, "smtp_error", b"")
    return words.decode("utf-8", "replace") if isinstance(words, bytes) and words else str(error)
