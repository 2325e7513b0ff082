"""The one door out: what a person or the bot says to the customer."""

from typing import Any

from django.utils.timezone import now

from kefu.conversations.attach import attach
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear, guard_outgoing
from kefu.conversations.models import Conversation, Delivery, EventKind, Message, locked
from kefu.conversations.timeline import append
from kefu.people.models import Agent
from kefu.people.permissions import may

LIVE_CHANNELS = {"webchat"}


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
        _send_out(c, message)
        c.save()
        record(c, EventKind.SAID, message=message.pk, by="agent")
    return message


def say(
    conversation: Conversation, text: str, *, data: dict[str, Any] | None = None, language: str = ""
) -> Message:
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
    _send_out(conversation, message)
    record(conversation, EventKind.SAID, message=message.pk, by="bot")
    return message


def _send_out(conversation: Conversation, message: Message) -> None:
    """A row in the outbox for channels that must be called; a watched channel is told by the doorbell."""
    if conversation.channel in LIVE_CHANNELS:
        return
    Delivery.objects.create(message=message, channel=conversation.channel, address="")
