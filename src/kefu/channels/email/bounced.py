"""Mail that came back, and mail that a program answered: told to the conversation that it is about."""

from uuid import UUID

from kefu.channels.email.threads import read_id
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, Delivery, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.text.mail import Bounce, Mail

State = Delivery.State


def note_bounce(bounce: Bounce) -> Conversation | None:
    """Mark the delivery that came back as failed and tell its conversation; None where no delivery of ours is meant.

    Only our own Message-IDs count: anybody can send something that looks like a bounce, but not guess those. A delay
    changes nothing: the server goes on trying.
    """
    keys = [found[1] for found in map(read_id, bounce.message_ids) if found and found[0] == "kefu"]
    delivery = _delivery(keys)
    if delivery is None:
        return None
    talk = delivery.message.conversation
    if bounce.action == "delayed" or delivery.state == State.FAILED:
        return talk
    delivery.state = State.FAILED
    delivery.error = f"{bounce.status} {bounce.reason}".strip()[:300]
    delivery.save(update_fields=["state", "error"])
    with locked(talk) as c:
        append_activity(c, "not_delivered", address=delivery.address, error=delivery.error)
        c.save()
        record(c, EventKind.NOT_DELIVERED, message=delivery.message_id)
    return talk


def note_automatic(conversation: Conversation, mail: Mail) -> None:
    """Somebody's program answered us, such as "out of office": agents see it, nobody's clock runs."""
    with locked(conversation) as c:
        append_activity(c, "mail_automatic", address=mail.sender[:254], subject=mail.subject[:150])
        c.save()


def _delivery(keys: list[UUID]) -> Delivery | None:
    return Delivery.objects.filter(key__in=keys).select_related("message__conversation").first() if keys else None
