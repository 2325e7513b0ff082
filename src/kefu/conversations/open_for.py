"""An agent opens a ticket for a customer who called, wrote elsewhere, or has to be written to first."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.errors import NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear, guard_note, guard_outgoing
from kefu.conversations.models import Conversation, EventKind, Message, locked
from kefu.conversations.prioritise import listen_for_signals, prioritise
from kefu.conversations.reply import mail_address, reply
from kefu.conversations.start import start
from kefu.conversations.timeline import append
from kefu.people.identify import identify
from kefu.people.models import Agent, Customer, Identity
from kefu.people.permissions import may
from kefu.topics.models import Topic

CHANNEL = "form"


class NoMailbox(ValueError):
    """An answer by mail has nowhere to go."""


def customer_for(*, mailbox: str = "", uid: str = "", name: str = "", language: str = "") -> Customer | None:
    """Whose ticket it is: the owner of a mailbox (a stranger's becomes a new customer, unproven), or the customer with an account at
    the exchange who has been here before; None for an account that nobody here has proven."""
    if mailbox:
        return identify(Identity.Kind.EMAIL, mailbox.lower(), name=clear(name)[0], language=language).customer
    return Customer.objects.filter(exchange_uid=uid).order_by("pk").first() if uid else None


def open_for(
    customer: Customer,
    text: str,
    *,
    by: Agent,
    by_mail: bool,
    topic: Topic | None = None,
    language: str = "",
    subject: str = "",
    fields: Mapping[str, str] | None = None,
    key: str = "",
) -> Conversation:
    """A ticket of theirs that ``by`` has: it begins with a note, or with a mail to the customer. No automatic answer goes out.

    The same ``key`` again is the same ticket. Raises NotAllowed, ValueError for no text, NoMailbox, and Refused and TooLong as an
    answer or a note does.
    """
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    words = (guard_outgoing if by_mail else guard_note)(text.strip())
    if not words:
        raise ValueError("text")
    external = f"desk:{by.pk}:{key}"[:200] if key else None
    if external and (there := Message.objects.filter(channel=CHANNEL, external_id=external).select_related("conversation").first()):
        return there.conversation
    with transaction.atomic():
        made = start(
            customer,
            channel=CHANNEL,
            language=language or customer.language or "en",
            topic=topic,
            subject=clear(subject.strip())[0] or words[:80],
            tell=False,
        )
        made.save()
        with locked(made) as c:
            c.bot = {"acknowledged": True}  # whoever wrote nothing is not told that it arrived
            c.fields = {name: clear(value)[0] for name, value in (fields or {}).items() if value}
            c.assignee, c.status = by, Conversation.Status.OPEN
            c.customer_seen_at = None
            if by_mail and not mail_address(c):
                raise NoMailbox
            append(c, Message.Kind.ACTIVITY, agent=by, data={"what": "opened_for", "public": True}, channel=CHANNEL, external_id=external)
            if not by_mail:
                c.waiting_since = now()  # they wait for what they called about
                note = append(c, Message.Kind.NOTE, words, agent=by)
                listen_for_signals(c, words)
            prioritise(c)
            c.save()
            record(c, EventKind.STARTED, channel=CHANNEL, by="agent")
            if not by_mail:
                record(c, EventKind.NOTED, message=note.pk)
        if by_mail:
            reply(made, words, agent=by, client_key=external[-64:] if external else "")
    made.refresh_from_db()
    return made
