"""The outbox: sends what is due, once, and says what became of it."""

import logging
import smtplib
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.channels.email.compose import compose
from kefu.channels.email.limits import may_answer_automatically
from kefu.channels.email.mailboxes import connection_of, forget, mailbox_of
from kefu.channels.email.signed import SignedMail
from kefu.conversations.events import record
from kefu.conversations.models import Delivery, EventKind, Message, locked
from kefu.conversations.timeline import append_activity
from kefu.system.jobs.queue import enqueue

log = logging.getLogger(__name__)

State = Delivery.State
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
STUCK_AFTER = timedelta(minutes=10)  # a sender that died in the middle is taken for dead
REFUSED = range(500, 600)  # SMTP's "not now and not later" (RFC 5321, 4.2.1)


def deliver(delivery_id: int) -> None:
    """Job: send one delivery, if it is due and nobody else sends it.

    A crash after the mail server's OK sends it a second time with the same Message-ID, which servers recognise.
    """
    at = now()
    due = Delivery.objects.filter(pk=delivery_id, state__in=[State.DUE, State.SENDING], due_at__lte=at)
    # The claim also sets when others may take it over.
    if not due.update(state=State.SENDING, due_at=at + STUCK_AFTER):
        return
    delivery = Delivery.objects.select_related("message__conversation__customer", "message__agent").get(pk=delivery_id)
    delivery.attempts += 1
    if _is_one_too_many(delivery):
        delivery.state, delivery.error = State.HELD, "one automatic answer an hour"
        delivery.save()
        return
    try:
        mail = compose(delivery)
        _send(mail, delivery)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _failed(delivery, code in REFUSED, f"{code} {words.decode('utf-8', 'replace')[:200]}")
    except smtplib.SMTPResponseException as error:
        _failed(delivery, error.smtp_code in REFUSED, f"{error.smtp_code}")
    except OSError as error:
        _failed(delivery, False, type(error).__name__)
    else:
        delivery.state, delivery.error = State.SENT, ""
        delivery.provider_id = str(mail.extra_headers["Message-ID"])
        delivery.save()


def _send(mail: SignedMail, delivery: Delivery) -> None:
    """Over the kept connection. A failed one is thrown away; the next try is the outbox's business."""
    mail.connection = connection_of(mailbox_of(delivery.message.conversation))
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
        and not may_answer_automatically(delivery.address, at=now(), besides=delivery.pk)
    )


def deliver_due() -> int:
    """Periodic job: everything that is due and was forgotten, such as what a killed process was sending."""
    rows = Delivery.objects.filter(state__in=[State.DUE, State.SENDING], due_at__lte=now()).values_list("pk", flat=True)
    found = list(rows.order_by("due_at")[:200])
    for pk in found:
        enqueue("channels.delivery.deliver", delivery_id=pk, unique=f"deliver:{pk}")
    return len(found)


def _failed(delivery: Delivery, for_good: bool, words: str) -> None:
    """Plan the next try, or give up and tell the desk."""
    delivery.error = words[:300]
    if not for_good and delivery.attempts <= len(PAUSES):
        delivery.state, delivery.due_at = State.DUE, now() + PAUSES[delivery.attempts - 1]
        delivery.save()
        return
    delivery.state = State.FAILED
    with transaction.atomic(), locked(delivery.message.conversation_id) as c:
        delivery.save()
        append_activity(c, "not_delivered", address=delivery.address, error=delivery.error)
        c.save()
        record(c, EventKind.NOT_DELIVERED, message=delivery.message_id)
