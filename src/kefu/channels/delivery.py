"""The outbox: sends what is due, once, and says what became of it."""

import logging
import smtplib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from kefu.channels.email import post, providers, sign_in
from kefu.channels.email.alarm import sending_failed, sending_works
from kefu.channels.email.bounced import note_failure, note_left_out, note_waiting
from kefu.channels.email.compose import compose
from kefu.channels.email.limits import may_answer_automatically
from kefu.channels.email.lines import Shut
from kefu.channels.email.mailboxes import mailbox_of
from kefu.channels.email.models import Mailbox
from kefu.channels.email.sign_in import NotNow
from kefu.channels.email.signed import SignedMail
from kefu.conversations import advice
from kefu.conversations.models import Delivery, Message
from kefu.system.jobs.queue import enqueue
from kefu.system.lightly import committed_lightly
from kefu.system.prepared import Changes, Fetch, Update
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)

State = Delivery.State
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
CANNOT_SIGN_IN = "the mailbox cannot sign in: "
CANNOT_REACH = "the mail server cannot be reached: "
TOLD_AFTER = timedelta(minutes=30)  # agents hear that an answer has not gone out: a short outage is no news
WAITS_AT_MOST = timedelta(hours=48)  # for a server that does not let us in; by then an answer that waits helps nobody
BEHIND = timedelta(seconds=30)  # after the time of the next try, which one of them makes: the others hear what came of it
AT_ONCE = 1000  # put in line each time: what waited for a server should be out soon after it is back
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
        left_out = _send(mail, delivery, mailbox)
    except (Shut, NotNow) as error:
        _wait_for(mailbox, delivery, error)
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
        if left_out:
            note_left_out(delivery, left_out)


def _send(mail: SignedMail, delivery: Delivery, mailbox: Mailbox | None) -> dict[str, tuple[int, bytes]]:
    """Over a kept connection; returns who of those in copy was refused. The next try is the outbox's business."""
    left_out, was_shut = post.send(mail, mailbox, key=delivery.key.hex)
    if was_shut:
        release()
    return left_out


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
    found = list(rows.order_by("due_at")[:AT_ONCE])
    for pk in found:
        enqueue("channels.delivery.deliver", delivery_id=pk, unique=f"deliver:{pk}")
    return len(found)


def send_waiting(mailbox: Mailbox) -> int:
    """Somebody has mended a mailbox: it is tried at once, and what waited goes out; returns how much that is."""
    for way in ("imap", "smtp"):
        sign_in.let_in(sign_in.account_of(mailbox, way))
    return release()


def hurry(delivery: Delivery) -> None:
    """An agent wants it sent now: its server is tried though its time has not come."""
    if delivery.error.startswith((CANNOT_SIGN_IN, CANNOT_REACH)):
        sign_in.hurry(sign_in.account_of(mailbox_of(delivery.message.conversation)))


def release() -> int:
    """A server lets us in again: what waited for one is due now. Behind another one that is still shut it waits on."""
    shut = Q(error__startswith=CANNOT_SIGN_IN) | Q(error__startswith=CANNOT_REACH)
    with write_turn():
        return Delivery.objects.filter(shut, state=State.DUE, due_at__gt=now()).update(due_at=now())


def _wait_for(mailbox: Mailbox | None, delivery: Delivery, error: Shut | NotNow) -> None:
    """Nothing is wrong with the mail or its address: it waits for the server to let us in, of which leaders are told.

    Not without end: the agent hears of it after TOLD_AFTER, and after WAITS_AT_MOST it has failed.
    """
    words = str(error)
    sending_failed(mailbox, words)
    delivery.attempts -= 1
    cannot_sign_in = error.refused if isinstance(error, NotNow) else error.cannot_sign_in
    delivery.error = ((CANNOT_SIGN_IN if cannot_sign_in else CANNOT_REACH) + words)[:300]
    at = now()
    began = delivery.failing_since or at
    looks = (error.until + (BEHIND if isinstance(error, NotNow) else timedelta()), began + TOLD_AFTER, began + WAITS_AT_MOST)
    _later(delivery, min(look for look in looks if look > at) - at, given_up=at - began >= WAITS_AT_MOST)


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
