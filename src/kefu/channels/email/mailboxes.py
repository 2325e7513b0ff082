"""Which mailbox speaks, and the connection over which it does."""

import smtplib
import threading
import time
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from kefu.channels.email.models import Mailbox, Security, SeenMail
from kefu.channels.email.sasl import TokenBackend
from kefu.conversations.models import Conversation
from kefu.system.prepared import Fetch, Values

IDLE_SECONDS = 20.0  # how long an open connection is kept for the next mail
_kept = threading.local()

_last: Fetch[Mailbox] = Fetch(
    lambda talk: Mailbox.objects.filter(seen__conversation=talk, seen__message__isnull=False, active=True).order_by("-seen__received")[:1],
    SeenMail._meta.get_field("conversation"),
)
_addresses = Values(lambda: Mailbox.objects.order_by().values_list("address", "aliases"))
_active: Fetch[Mailbox] = Fetch(lambda: Mailbox.objects.filter(active=True).order_by("pk"))


def mailbox_of(conversation: Conversation) -> Mailbox | None:
    """The mailbox that a conversation came over; else its team's, its language's, or the first; None without any.

    One that got the same mail too is not meant: what made no message does not count.
    """
    active = _active.all()
    if not active:
        return None
    if last := _last.first(conversation.pk):
        return last
    for fits in (
        lambda one: conversation.team_id and one.team_id == conversation.team_id,
        lambda one: one.language == conversation.language and not one.team_id,
        lambda one: not one.team_id,
    ):
        if found := next((one for one in active if fits(one)), None):
            return found
    return None


def connection_of(mailbox: Mailbox | None) -> Any:
    """A connection to the mailbox's SMTP server, or to the one of the settings; opened once and kept for a while.

    Kept by thread: a mail server's greeting and TLS cost more than a mail. Raises OSError where it cannot be reached, and
    Lost or Later where the right to sign in is gone or cannot be renewed now.
    """
    key = _key(mailbox)
    kept = getattr(_kept, "one", None)
    if kept and kept[0] == key and time.monotonic() - kept[2] < IDLE_SECONDS and _answers(kept[1], kept[2]):
        _kept.one = (key, kept[1], time.monotonic())
        return kept[1]
    forget()
    made = get_connection() if mailbox is None or not mailbox.smtp_host else _made(mailbox)
    if isinstance(made, SmtpBackend):  # others, such as files, have nothing to keep open
        made.open()
        _kept.one = (key, made, time.monotonic())
    return made


def _made(mailbox: Mailbox) -> Any:
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


def _answers(connection: Any, since: float) -> bool:
    """Is a kept connection still open? Asked after a pause only: servers close what is silent."""
    client = getattr(connection, "connection", None)
    if client is None or time.monotonic() - since < 1.0:
        return True
    try:
        return bool(client.noop()[0] == 250)
    except (OSError, smtplib.SMTPException):
        return False


def forget() -> None:
    """Close this thread's kept connection, if there is one."""
    kept = getattr(_kept, "one", None)
    _kept.one = None
    if kept:
        try:
            kept[1].close()
        except OSError:
            return


def _key(mailbox: Mailbox | None) -> tuple[Any, ...]:
    if mailbox is None or not mailbox.smtp_host:
        from django.conf import settings

        return ("settings", settings.EMAIL_BACKEND, getattr(settings, "EMAIL_HOST", ""), getattr(settings, "EMAIL_PORT", 0))
    return (mailbox.pk, mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_user, bytes(mailbox.smtp_password_sealed or b""))


def our_addresses() -> set[str]:
    """Every address of every mailbox, in lower case."""
    return {str(one).lower() for address, aliases in _addresses.all() for one in (address, *aliases)}
