"""What to do with an answer that did not arrive, or waits: to another mailbox of the customer, once more, or left on the ticket's page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation, Delivery, locked
from kefu.conversations.reply import DELIVER
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent, Identity
from kefu.people.permissions import may
from kefu.system.ids import uuid7
from kefu.system.jobs.queue import enqueue

State = Delivery.State


def other_addresses(delivery: Delivery) -> list[Identity]:
    """The customer's further mailboxes, proven ones first: never one that somebody just typed."""
    known = delivery.message.conversation.customer.identities.filter(kind=Identity.Kind.EMAIL)
    return list(known.exclude(address__iexact=delivery.address).order_by("-verified_at", "pk"))


def send_to(delivery: Delivery, address: str, *, by: Agent) -> Delivery:
    """Send an answer that failed or waits to another mailbox of the customer; later ones of this conversation go there too.

    Raises NotAllowed for an address that is not the customer's, Conflict where the delivery is neither (any more).
    """
    if address not in {one.address for one in other_addresses(delivery)}:
        raise NotAllowed("address")
    with _stopped(delivery, by) as c:
        made, is_new = Delivery.objects.get_or_create(message=delivery.message, channel="email", address=address)
        if not is_new:
            _anew(made)
        c.fields = {**c.fields, "answers_to": address}
        append_activity(c, "sent_elsewhere", agent=by, address=address)
        enqueue(DELIVER, delivery_id=made.pk, unique=f"deliver:{made.key.hex}")
        c.save()
    return made


def send_again(delivery: Delivery, *, by: Agent) -> None:
    """The same address once more, such as after a full mailbox was emptied. Raises what ``send_to`` raises."""
    with _stopped(delivery, by) as c:
        _anew(delivery)
        append_activity(c, "sent_again", agent=by, address=delivery.address)
        enqueue(DELIVER, delivery_id=delivery.pk, unique=f"deliver:{delivery.key.hex}")
        c.save()


def leave_in_portal(delivery: Delivery, *, by: Agent) -> None:
    """No mail any more for this answer: the customer finds it on the ticket's page. Raises what ``send_to`` raises."""
    with _stopped(delivery, by) as c:
        append_activity(c, "left_in_portal", agent=by)
        c.save()


def _anew(delivery: Delivery) -> None:
    """As if it had never been tried, under a new Message-ID: servers drop one that they have seen."""
    delivery.state, delivery.error, delivery.attempts, delivery.due_at, delivery.key = State.DUE, "", 0, now(), uuid7()
    delivery.failing_since = None
    delivery.save()


@contextmanager
def _stopped(delivery: Delivery, by: Agent) -> Iterator[Conversation]:
    """The locked conversation of a delivery that has failed or waits, and that nobody sends from here on.

    Stopped by one statement: whoever is sending it just now has claimed it by another.
    """
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(delivery.message.conversation_id) as c:
        wanting = Q(state=State.FAILED) | Q(state=State.DUE, failing_since__isnull=False)
        if not Delivery.objects.filter(wanting, pk=delivery.pk).update(state=State.HELD):
            raise Conflict(delivery.state)
        delivery.state = State.HELD
        yield c
