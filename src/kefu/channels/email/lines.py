"""Connections to SMTP servers, kept open for a burst of mails: a greeting, TLS and a sign-in cost more than a mail does."""

import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address

from kefu.channels.email import sign_in
from kefu.channels.email.hand_over import Answer, Dropped, hand_over
from kefu.channels.email.models import Mailbox, Security
from kefu.channels.email.oauth import Later, Lost
from kefu.channels.email.sasl import NoWay, TokenBackend

IDLE_SECONDS = 20.0  # how long an open connection waits for the next mail
MOST_SECONDS = 240.0  # how old one may get: Postfix and others end theirs after 300
MOST_MAILS = 100  # over one: servers count, and some go slower from then on
MOST_IDLE = 4
_idle: list["Line"] = []
_guard = threading.Lock()


class Shut(Exception):
    """The server did not let us in; ``cannot_sign_in`` says that it could be reached. The text is what it said; the next
    try comes at ``until``."""

    def __init__(self, words: str, *, cannot_sign_in: bool, until: datetime) -> None:
        super().__init__(words)
        self.cannot_sign_in, self.until = cannot_sign_in, until


class Line:
    """One connection. ``was_shut`` says that its account had not let us in before: now others may go too."""

    def __init__(self, mailbox: Mailbox | None, account: str) -> None:
        self.account, self.was_shut = account, False
        self.opened = self.used = time.monotonic()
        self.mails = 0
        self.backend: Any = get_connection() if mailbox is None or not mailbox.smtp_host else _made(mailbox)
        self.lasts = isinstance(self.backend, SmtpBackend)  # others, such as files, have nothing to keep open
        if self.lasts:
            self._open()

    def send(self, mail: EmailMessage) -> dict[str, Answer]:
        """Hand a mail over; returns who of those in copy was refused. Raises what ``hand_over`` does, and Shut, NotNow.

        A kept connection that the server has closed meanwhile is opened anew, where the mail cannot have been taken.
        """
        if not self.lasts:
            mail.connection = self.backend
            mail.send()
            return {}
        encoding = mail.encoding or settings.DEFAULT_CHARSET
        sender = sanitize_address(mail.from_email, encoding)
        recipients = [sanitize_address(one, encoding) for one in mail.recipients()]
        made: Any = mail.message()
        content = made.as_bytes(linesep="\r\n")
        self.used = time.monotonic()
        self.mails += 1
        try:
            return hand_over(self.backend.connection, sender, recipients, content)
        except Dropped:
            if self.mails == 1:
                raise
            self.close()
            self._open()
            self.mails = 1
            return hand_over(self.backend.connection, sender, recipients, content)

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        with suppress(OSError, smtplib.SMTPException):
            self.backend.close()

    @property
    def is_good(self) -> bool:
        """May it take another mail, now or in a while?"""
        client, at = getattr(self.backend, "connection", None), time.monotonic()
        open_still = self.lasts and client is not None and client.sock is not None
        return open_still and self.mails < MOST_MAILS and at - self.opened < MOST_SECONDS and at - self.used < IDLE_SECONDS

    def _open(self) -> None:
        with sign_in.my_turn(self.account):
            try:
                self.backend.open()
            except (smtplib.SMTPAuthenticationError, NoWay) as error:
                lasting = isinstance(error, NoWay) or error.smtp_code >= 500
                pauses = sign_in.WRONG_PASSWORD if lasting else sign_in.NOT_NOW
                raise self._shut(said(error), pauses, cannot_sign_in=True) from error
            except (Lost, Later) as error:
                raise self._shut(said(error), sign_in.NOT_NOW, cannot_sign_in=True) from error
            except OSError as error:
                words = f"{type(error).__name__}: {error.strerror or said(error)}"
                raise self._shut(words, sign_in.NOBODY_THERE, cannot_sign_in=False) from error
            self.was_shut = sign_in.let_in(self.account) or self.was_shut
        self.opened = self.used = time.monotonic()
        self.mails = 0

    def _shut(self, words: str, pauses: Any, *, cannot_sign_in: bool) -> Shut:
        self.close()
        until = sign_in.failed(self.account, words, pauses=pauses, refused=cannot_sign_in)
        return Shut(words, cannot_sign_in=cannot_sign_in, until=until)


@contextmanager
def line_of(mailbox: Mailbox | None) -> Iterator[Line]:
    """A connection to the mailbox's SMTP server, or to the one of the settings: a kept one, where it still answers.

    Nobody else uses it meanwhile; afterwards it is kept, unless something went wrong with it. Raises Shut where the server
    does not let us in, NotNow where somebody tried a moment ago.
    """
    account = sign_in.account_of(mailbox)
    line = _kept(account) or Line(mailbox, account)
    try:
        yield line
    finally:
        line.was_shut = False
        if line.is_good:
            _keep(line)
        else:
            line.close()


def said(error: Exception) -> str:
    """What a server said, with its code."""
    if not isinstance(error, smtplib.SMTPResponseException):
        return str(error)
    words = error.smtp_error
    return f"{error.smtp_code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


def _made(mailbox: Mailbox) -> SmtpBackend:
    how: dict[str, Any] = {
        "host": mailbox.smtp_host,
        "port": mailbox.smtp_port,
        "use_tls": mailbox.smtp_security == Security.STARTTLS,
        "use_ssl": mailbox.smtp_security == Security.TLS,
        "timeout": 20,
    }
    if mailbox.signs_in_by_token("smtp"):
        return TokenBackend(mailbox=mailbox, **how)
    return SmtpBackend(username=mailbox.smtp_user, password=mailbox.secret("smtp_password"), **how)


def _kept(account: str) -> Line | None:
    """The line that waits for this account, if there is one; after a pause it is asked whether it still stands."""
    while True:
        with _guard:
            line = next((one for one in _idle if one.account == account), None)
            if line is None:
                return None
            _idle.remove(line)
        if line.is_good and _answers(line):
            return line
        line.close()


def _answers(line: Line) -> bool:
    """Asked after a pause only: servers close what is silent."""
    if time.monotonic() - line.used < 1.0:
        return True
    try:
        return bool(line.backend.connection.noop()[0] == 250)
    except (OSError, smtplib.SMTPException):
        return False


def _keep(line: Line) -> None:
    """For the next mail; what nobody wants is closed by a clock of its own, so that no server has to wait for us."""
    with _guard:
        _idle.append(line)
        crowd = _idle[:-MOST_IDLE]
        del _idle[:-MOST_IDLE]
        _start_clock()
    for one in crowd:
        one.close()


_clock: threading.Timer | None = None


def _start_clock() -> None:
    """One at a time; the guard is held."""
    global _clock
    if _clock is None:
        _clock = threading.Timer(IDLE_SECONDS + 1, _sweep)
        _clock.daemon = True
        _clock.start()


def _sweep() -> None:
    global _clock
    with _guard:
        _clock = None
        gone = [one for one in _idle if not one.is_good]
        _idle[:] = [one for one in _idle if one not in gone]
        if _idle:
            _start_clock()
    for one in gone:
        one.close()
