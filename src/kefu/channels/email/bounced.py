"""Mail that came back, and mail that a program answered: told to the conversation that it is about."""

from collections.abc import Mapping
from uuid import UUID

from kefu.channels.email.threads import read_id
from kefu.conversations.events import record
from kefu.conversations.guard import clear
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
    if bounce.action != "delayed":
        note_failure(delivery, f"{bounce.status} {bounce.reason}".strip())
    return delivery.message.conversation


def note_failure(delivery: Delivery, words: str) -> None:
    """It did not arrive: agents see why beside the conversation, which wakes. Once for each delivery."""
    if delivery.state == State.FAILED:
        return
    delivery.state = State.FAILED
    delivery.error = clear(words)[0][:300]
    delivery.save(update_fields=["state", "error"])
    with locked(delivery.message.conversation_id) as c:
        append_activity(c, "not_delivered", address=delivery.address, error=delivery.error, delivery=delivery.pk)
        c.save()
        record(c, EventKind.NOT_DELIVERED, message=delivery.message_id)


def note_waiting(delivery: Delivery) -> None:
    """It still waits for its next try: agents see why, and can choose another way. Once for each span of failing."""
    talk = delivery.message.conversation
    told = talk.messages.filter(data__what="not_yet_delivered", data__delivery=delivery.pk, created__gte=delivery.failing_since)
    if told.exists():
        return
    with locked(talk) as c:
        append_activity(c, "not_yet_delivered", address=delivery.address, error=clear(delivery.error)[0], delivery=delivery.pk)
        c.save()


def note_left_out(delivery: Delivery, refused: Mapping[str, tuple[int, bytes]]) -> None:
    """It went out, but the server did not take some of those in copy: agents see whom and why."""
    with locked(delivery.message.conversation_id) as c:
        for address, (code, words) in refused.items():
            said = clear(f"{code} {words.decode('utf-8', 'replace')}")[0][:300]
            append_activity(c, "copy_not_delivered", address=address[:254], error=said)
        c.save()


def note_automatic(conversation: Conversation, mail: Mail) -> None:
    """Somebody's program answered us, such as "out of office": agents see it, nobody's clock runs."""
    with locked(conversation) as c:
        append_activity(c, "mail_automatic", address=mail.sender[:254], subject=mail.subject[:150])
        c.save()


def _delivery(keys: list[UUID]) -> Delivery | None:
    return Delivery.objects.filter(key__in=keys).select_related("message__conversation").first() if keys else None
