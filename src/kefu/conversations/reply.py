"""The one door out: what a person or the bot says to the customer."""

from typing import Any

from django.utils.timezone import now

from kefu.conversations.attach import attach
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear, guard_outgoing
from kefu.conversations.models import Conversation, Delivery, EventKind, Message, locked
from kefu.conversations.timeline import append
from kefu.people.models import Agent, Identity
from kefu.people.permissions import may
from kefu.system.jobs.queue import enqueue
from kefu.system.prepared import Fetch, insert

LIVE_STAGES = {Conversation.Stage.BOT, Conversation.Stage.QUEUED, Conversation.Stage.LIVE}
DELIVER = "channels.delivery.deliver"
_mailboxes: Fetch[Identity] = Fetch(
    lambda customer: Identity.objects.filter(customer=customer, kind=Identity.Kind.EMAIL).order_by("-verified_at", "pk"),
    Identity._meta.get_field("customer"),
)


def reply(
    conversation: Conversation,
    text: str,
    *,
    agent: Agent,
    client_key: str = "",
    files: tuple[str, ...] = (),
    data: dict[str, Any] | None = None,
) -> Message:
    """An agent answers: stored, put in the outbox, and whoever watches is told.

    The same ``client_key`` again returns the message that is there. Raises NotAllowed for a role that may not answer,
    Refused for a text that asks for a secret, TooLong, and Conflict when the conversation is closed.
    """
    if not may(agent, "desk.answer"):
        raise NotAllowed("desk.answer")
    clean = guard_outgoing(text)
    at = now()
    with locked(conversation) as c:
        if client_key and (seen := c.messages.filter(client_key=client_key).first()):
            return seen
        if c.status == Conversation.Status.CLOSED:
            raise Conflict(c.status)
        if c.stage in {Conversation.Stage.BOT, Conversation.Stage.QUEUED}:
            c.go_live_with(agent, at)
        message = append(
            c,
            Message.Kind.AGENT,
            clean,
            agent=agent,
            client_key=client_key or None,
            channel=c.channel,
            data=data or {},
            created=at,
        )
        if files:
            attach(message, files, by_customer=False)
        if c.assignee_id is None:
            c.assignee = agent
        c.hear_from_agent(at)
        c.agent_read_seq = c.last_seq
        send_out(c, message)
        c.save()
        made_of = {"macro": data["macro"]} if data and data.get("macro") else {}  # what a macro does follows once its answer went out
        record(c, EventKind.SAID, message=message.pk, by="agent", **made_of)
    return message


def say(conversation: Conversation, text: str, *, data: dict[str, Any] | None = None, language: str = "") -> Message:
    """The bot speaks, inside the caller's ``locked`` conversation, which the caller saves."""
    message = append(
        conversation,
        Message.Kind.BOT,
        clear(text)[0],
        language=language or conversation.language,
        channel=conversation.channel,
        data=data or {},
    )
    conversation.hear_from_bot(message.created)
    send_out(conversation, message)
    record(conversation, EventKind.SAID, message=message.pk, by="bot")
    return message


def send_out(conversation: Conversation, message: Message) -> None:
    """A row in the outbox, and the job that sends it; who watches live is told by the doorbell alone."""
    if conversation.stage in LIVE_STAGES or not (address := mail_address(conversation)):
        return
    delivery = insert(Delivery(message=message, channel="email", address=address))
    enqueue(DELIVER, delivery_id=delivery.pk, unique=f"deliver:{delivery.pk}")


ABOUT_MAIL = {"reply_to", "answers_to"}  # among a conversation's fields, and no details that a topic asks for


def mail_address(conversation: Conversation) -> str:
    """Where answers go when nobody watches: the customer's mailbox, or the one named for this talk; empty for none."""
    known = _mailboxes.all(conversation.customer_id)
    if (chosen := conversation.fields.get("answers_to")) and any(one.address == chosen for one in known):
        return str(chosen)  # an agent chose another of the customer's mailboxes, since one did not take our mail
    found = next((one for one in known if one.proof == Identity.Proof.MAILBOX), known[0] if known else None)
    return found.address if found else str(conversation.fields.get("reply_to", ""))
