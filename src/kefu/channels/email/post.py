"""One mail on its way from a mailbox: over its provider's API, its SMTP server, or that of the settings."""

from kefu.channels.email import providers
from kefu.channels.email.hand_over import Answer
from kefu.channels.email.lines import Shut, line_of
from kefu.channels.email.models import Mailbox
from kefu.channels.email.signed import SignedMail
from kefu.system.jobs.errors import PermanentError, TemporaryError


def sign_as(mail: SignedMail, mailbox: Mailbox | None) -> None:
    """With DKIM, where the mailbox has a key."""
    if mailbox and mailbox.dkim_selector and (key := mailbox.secret("dkim_key")):
        mail.dkim = (mailbox.dkim_selector, mailbox.address.rpartition("@")[2], key)


def send(mail: SignedMail, mailbox: Mailbox | None, *, key: str) -> tuple[dict[str, Answer], bool]:
    """Hand it over; returns who of those in copy was refused, and whether the server had let nobody in before. ``key`` is what a
    provider names it by later. Raises what ``providers.send``, ``line_of`` and ``Line.send`` do."""
    if mailbox is not None and mailbox.provider and not providers.needs_smtp(mail, mailbox):
        providers.send(mail, mailbox, key=key)
        return {}, False
    with line_of(mailbox) as line:
        left_out = line.send(mail)
        return left_out, line.was_shut


def send_once(mail: SignedMail, mailbox: Mailbox | None, *, key: str) -> None:
    """For a job whose mail has no row in the outbox: signed and handed over. Raises PermanentError, TemporaryError and OSError."""
    sign_as(mail, mailbox)
    try:
        send(mail, mailbox, key=key)
    except Shut as error:
        raise TemporaryError(str(error), retry_at=error.until) from error
    except providers.Refused as error:
        raise (PermanentError if error.for_good else TemporaryError)(str(error)) from error
