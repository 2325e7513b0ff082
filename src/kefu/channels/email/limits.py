"""What keeps machines from talking to each other for ever, and one person's storm from becoming a hundred tickets."""

import fnmatch
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from kefu.channels.email.models import Mailbox, SeenMail
from kefu.conversations.advice import ROLE
from kefu.conversations.models import Conversation, Delivery, Message
from kefu.system.prepared import Values
from kefu.text.mail import Mail

LOOP_HEADER = "X-Kefu-Loop"  # carries our domain on everything that goes out
STORM = 12  # mails of one sender within STORM_SPAN that may begin conversations of their own
STORM_SPAN = timedelta(minutes=30)
SAME_SPAN = timedelta(hours=24)
AUTOMATIC_SPAN = timedelta(hours=1)

_ANSWER = re.compile(
    r"^\s*(?:(?:re|aw|sv|vs|antw|odp|fw|fwd|wg|tr|rv|回复|回覆|答复|转发|轉寄|返信|отв|ответ)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.I
)


def is_own(mail: Mail, addresses: Iterable[str]) -> bool:
    """Did we send this ourselves, or another Kefu of ours?"""
    return mail.sender.lower() in set(addresses) or mail.header(LOOP_HEADER).strip().lower() == settings.BRAND_DOMAIN.lower()


def is_blocked(mailbox: Mailbox, mail: Mail) -> bool:
    """Is the sender on the mailbox's block list ("spam@x.example", "*@x.example")?"""
    sender = mail.sender.lower()
    return any(fnmatch.fnmatchcase(sender, str(one).strip().lower()) for one in mailbox.blocked)


def bare_subject(subject: str) -> str:
    """A subject without "Re:" and its like, in lower case, as storms are told by it."""
    return " ".join(_ANSWER.sub("", subject).lower().split())


def fingerprint(sender: str, text: str) -> str:
    """The same words of the same person, whatever the addresses and the white space."""
    return sha256(f"{sender.lower()}\n{' '.join(text.lower().split())}".encode()).hexdigest()


def recent(sender: str, *, at: datetime) -> list[SeenMail]:
    """What came from this address within a day and went into conversations, the last first; 50 at most."""
    given = sender.lower(), at - SAME_SPAN
    if _any_recent.first(*given) is None:  # nearly always: a look at the index, no more
        return []
    return list(_recent(*given).select_related("message", "conversation").order_by("-received")[:50])


def _recent(sender: str, since: datetime) -> QuerySet[SeenMail]:
    return SeenMail.objects.filter(sender=sender, received__gte=since, conversation__isnull=False, message__isnull=False)


_any_recent = Values(
    lambda sender, since: _recent(sender, since).values_list("pk")[:1],
    SeenMail._meta.get_field("sender"),
    SeenMail._meta.get_field("received"),
)


def same_before(rows: Iterable[SeenMail], sender: str, text: str) -> Conversation | None:
    """The conversation in which this person said exactly this, if ``recent`` has one."""
    wanted = fingerprint(sender, text)
    return next((row.conversation for row in rows if row.message and row.message.data.get("mail", {}).get("fingerprint") == wanted), None)


def storm(rows: Iterable[SeenMail], *, at: datetime) -> Conversation | None:
    """Where a sender's further mails go who has begun STORM conversations just now; None while there is no storm."""
    begun = [row for row in rows if row.received >= at - STORM_SPAN and row.outcome == SeenMail.Outcome.CONVERSATION]
    return begun[0].conversation if len({row.conversation_id for row in begun}) >= STORM else None


def may_answer_automatically(address: str, *, at: datetime, besides: int, advises: bool = False) -> bool:
    """Has nobody's program written to this address within the hour? ``besides`` is the delivery that asks.

    What to do about a secret (``advises``) is counted by itself: a confirmation before it must not hold it back.
    """
    asked = _advised if advises else _answered
    return asked.first(connection.ops.prep_for_iexact_query(address), at - AUTOMATIC_SPAN, besides) is None


def _automatic(address: str, since: datetime, besides: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        channel="email",
        address__iexact=address,
        message__kind=Message.Kind.BOT,
        message__data__automatic=True,
        message__created__gte=since,
        state__in=[Delivery.State.SENT, Delivery.State.SENDING, Delivery.State.DELIVERED, Delivery.State.READ],
    ).exclude(pk=besides)


_FIELDS = (Delivery._meta.get_field("address"), Message._meta.get_field("created"), Delivery._meta.get_field("id"))
_answered = Values(lambda *given: _automatic(*given).filter(message__data__role__isnull=True).values_list("pk")[:1], *_FIELDS)
_advised = Values(lambda *given: _automatic(*given).filter(message__data__role=ROLE).values_list("pk")[:1], *_FIELDS)
