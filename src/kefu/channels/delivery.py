"""The outbox: sends what is due, once, and says what became of it."""

import logging
import smtplib
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.channels.email import providers
from kefu.channels.email.alarm import sending_failed, sending_works
from kefu.channels.email.bounced import note_failure, note_waiting
from kefu.channels.email.compose import compose
from kefu.channels.email.limits import may_answer_automatically
from kefu.channels.email.mailboxes import connection_of, forget, mailbox_of
from kefu.channels.email.models import Mailbox
from kefu.channels.email.oauth import Later, Lost
from kefu.channels.email.sasl import NoWay
from kefu.channels.email.signed import SignedMail
from kefu.conversations import advice
from kefu.conversations.models import Delivery, Message
from kefu.system.jobs.queue import enqueue
from kefu.system.lightly import committed_lightly
from kefu.system.prepared import Changes, Fetch, Update

log = logging.getLogger(__name__)

State = Delivery.State
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
WAITS = timedelta(minutes=10)  # between tries while the mailbox itself cannot sign in; these count for nothing
CANNOT_SIGN_IN = "the mailbox cannot sign in: "
TOLD_AFTER = timedelta(minutes=30)  # agents hear that an answer has not gone out: a short outage is no news
WAITS_AT_MOST = timedelta(hours=48)  # for a mailbox that cannot sign in; by then an answer that waits helps nobody
STUCK_AFTER = timedelta(minutes=10)  # a sender that died in the middle is taken for dead
REFUSED = range(500, 600)  # SMTP's "not now and not later" (RFC 5321, 4.2.1)

_begin = Update(
    lambda pk, at: Delivery.objects.filter(pk=pk, state__in=[State.DUE, State.SENDING], due_at__lte=at),
    Delivery._meta.get_field("id"),
    Delivery._meta.get_field("due_at"),
    changed=("state", "due_at"),
)
_by_pk: Fetch[Delivery] = Fetch(
    lambda pk: Delivery.objects.filter(pk=pk).select_related("message__conversation__customer", "message__agent"),
    Delivery._meta.get_field("id"),
)


def deliver(delivery_id: int) -> None:
    """Job: send one delivery, if it is due and nobody else sends it.

    A crash after the mail server's OK sends it a second time with the same Message-ID, which servers recognise.
    """
    at = now()
    # The claim also sets when others may take it over.
    with committed_lightly():
        begun = _begin.run({"state": State.SENDING, "due_at": at + STUCK_AFTER}, delivery_id, at)
    delivery = _by_pk.first(delivery_id) if begun else None
    if delivery is None:
        return
    before = Changes(delivery)
    delivery.attempts += 1
    if _is_one_too_many(delivery):
        delivery.state, delivery.error = State.HELD, "one automatic answer an hour"
        before.save(delivery)
        return
    mailbox = mailbox_of(delivery.message.conversation)
    try:
        mail = compose(delivery, mailbox)
        _send(mail, delivery, mailbox)
    except (Lost, Later, NoWay, smtplib.SMTPAuthenticationError) as error:
        _wait_for(mailbox, delivery, _said(error))
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _failed(delivery, code in REFUSED, f"{code} {words.decode('utf-8', 'replace')[:200]}")
    except smtplib.SMTPResponseException as error:
        _failed(delivery, error.smtp_code in REFUSED, f"{error.smtp_code}")
    except providers.Refused as error:
        _failed(delivery, error.for_good, str(error))
    except OSError as error:
        sending_failed(mailbox, f"{type(error).__name__}: {error.strerror or error}")
        _failed(delivery, False, type(error).__name__)
    else:
        sending_works(mailbox)
        delivery.state, delivery.error, delivery.failing_since = State.SENT, "", None
        delivery.provider_id = providers.id_of(mail) or str(mail.extra_headers["Message-ID"])
        with committed_lightly():
            before.save(delivery)


def _send(mail: SignedMail, delivery: Delivery, mailbox: Mailbox | None) -> None:
    """Over the kept connection. A failed one is thrown away; the next try is the outbox's business."""
    if mailbox is not None and mailbox.provider and not providers.needs_smtp(mail, mailbox):
        providers.send(mail, mailbox, key=delivery.key.hex)
        return
    mail.connection = connection_of(mailbox)
    try:
        mail.send()
    except (OSError, smtplib.SMTPException):
        forget()
        raise


def _is_one_too_many(delivery: Delivery) -> bool:
    """Would this be the second automatic answer to this address within an hour? Programs answer each other for ever."""
    message = delivery.message
    return (
        message.kind == Message.Kind.BOT
        and bool(message.data.get("automatic"))
        and not may_answer_automatically(delivery.address, at=now(), besides=delivery.pk, advises=message.data.get("role") == advice.ROLE)
    )


def deliver_due() -> int:
    """Periodic job: everything that is due and was forgotten, such as what a killed process was sending."""
    rows = Delivery.objects.filter(state__in=[State.DUE, State.SENDING], due_at__lte=now()).values_list("pk", flat=True)
    found = list(rows.order_by("due_at")[:200])
    for pk in found:
        enqueue("channels.delivery.deliver", delivery_id=pk, unique=f"deliver:{pk}")
    return len(found)


def send_waiting() -> int:
    """Somebody has mended a mailbox: what waited for that goes out now; returns how much it is."""
    return Delivery.objects.filter(state=State.DUE, error__startswith=CANNOT_SIGN_IN).update(due_at=now())


def _wait_for(mailbox: Mailbox | None, delivery: Delivery, words: str) -> None:
    """Nothing is wrong with the mail or its address: it waits for the mailbox to be mended, of which leaders are told.

    Not without end: the agent hears of it after TOLD_AFTER, and after WAITS_AT_MOST it has failed.
    """
    sending_failed(mailbox, words)
    delivery.attempts -= 1
    delivery.error = (CANNOT_SIGN_IN + words)[:300]
    _later(delivery, WAITS, given_up=_fails_for(delivery) >= WAITS_AT_MOST)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words = error.smtp_error
        return f"{error.smtp_code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    return str(error)


def _failed(delivery: Delivery, for_good: bool, words: str) -> None:
    """Plan the next try, or give up and tell the desk."""
    delivery.error = words[:300]
    given_up = for_good or delivery.attempts > len(PAUSES)
    _later(delivery, timedelta() if given_up else PAUSES[delivery.attempts - 1], given_up=given_up)


def _later(delivery: Delivery, pause: timedelta, *, given_up: bool) -> None:
    """After a failed try: the next one, of which the agent hears where it takes long; or none any more, which is told too."""
    waited = _fails_for(delivery)
    delivery.failing_since = delivery.failing_since or now()
    with transaction.atomic():
        if given_up:
            delivery.save()
            note_failure(delivery, delivery.error)
            return
        delivery.state, delivery.due_at = State.DUE, now() + pause
        delivery.save()
        if waited >= TOLD_AFTER:
            note_waiting(delivery)


def _fails_for(delivery: Delivery) -> timedelta:
    return now() - delivery.failing_since if delivery.failing_since else timedelta()
