"""The one door in: a message from any channel is guarded, identified, threaded and stored."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from kefu.conversations import advice
from kefu.conversations.attach import attach, removed_from
from kefu.conversations.bin import hold_back
from kefu.conversations.envelope import Inbound
from kefu.conversations.events import record_all
from kefu.conversations.guard import guard
from kefu.conversations.models import Conversation, EventKind, Message
from kefu.conversations.prioritise import listen_for_signals, prioritise
from kefu.conversations.prove import rung_of_sender
from kefu.conversations.shield import imitations, warn
from kefu.conversations.threading import conversation_for
from kefu.conversations.timeline import append
from kefu.exchange.cards import mentioned
from kefu.people.identify import identify
from kefu.people.ladder import Rung
from kefu.system.prepared import Fetch
from kefu.text.subject import subject_of


@dataclass(frozen=True)
class Received:
    """``is_new`` is False for a redelivery of what was stored before."""

    message: Message
    removed: list[str]
    is_new: bool

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation


def receive(raw: Inbound) -> Received:
    """Take in one message. Channels acknowledge to the sender only after this returns.

    Until then the sender is our queue, and no raw text is ever written down. The same ``key`` again returns the
    message that is there. Raises TooLong for a text over the limit, NotAllowed for files that are not the sender's.
    """
    inbound, removed = guard(raw)
    try:
        with transaction.atomic():
            message = _take(inbound, removed)
    except IntegrityError:
        # Hardly ever the same twice, and then it costs a transaction: cheaper than to ask each time whether it is there.
        seen = _stored(inbound)
        if seen is None:
            raise
        return Received(seen, list(seen.data.get("removed", [])), is_new=False)
    return Received(message, list(message.data.get("removed", [])), is_new=True)


def _take(inbound: Inbound, removed: list[str]) -> Message:
    """Raises IntegrityError for what is there already; the caller's transaction then never was."""
    identity = identify(inbound.sender_kind, inbound.sender, name=inbound.sender_name, language=inbound.language)
    conversation = conversation_for(inbound, identity.customer)
    return _store(conversation, inbound, removed, rung_of_sender(conversation, identity, inbound))


_by_external_id: Fetch[Message] = Fetch(
    lambda channel, external_id: Message.objects.filter(channel=channel, external_id=external_id).select_related("conversation"),
    Message._meta.get_field("channel"),
    Message._meta.get_field("external_id"),
)


def _stored(inbound: Inbound) -> Message | None:
    return _by_external_id.first(inbound.channel, _external_id(inbound))


def _external_id(inbound: Inbound) -> str:
    return f"{inbound.sender}:{inbound.key}"[:200]


def _store(conversation: Conversation, inbound: Inbound, removed: list[str], rung: Rung) -> Message:
    at = now()
    if inbound.files and (in_files := removed_from(inbound.files)):
        removed = sorted({*removed, *in_files})
    alike = imitations(inbound.text)
    data = (
        dict(inbound.about)
        | ({"lookalikes": alike} if alike else {})
        | ({"removed": removed} if removed else {})
        | ({"rung": int(rung)} if rung else {})
        | ({"names": True} if inbound.live and mentioned([inbound.text]) else {})
        | ({"choice": inbound.choice[:120]} if inbound.choice else {})
    )
    message = append(
        conversation,
        Message.Kind.CUSTOMER,
        inbound.text,
        channel=inbound.channel,
        language=inbound.language,
        client_key=inbound.key[:64],
        external_id=_external_id(inbound),
        data=data,
        created=at,
    )
    if inbound.files:
        attach(message, inbound.files, uploader=inbound.uploader)
    woke = conversation.hear_from_customer(at)
    if not conversation.subject and conversation.last_seq == 1:
        conversation.subject = subject_of(inbound.text)
    is_first = conversation.last_seq == 1
    if is_first:
        conversation.fields = {**conversation.fields, **inbound.fields}
        conversation.chosen_urgency = inbound.urgency[:8]
    if listen_for_signals(conversation, inbound.text) or is_first:
        conversation.waits_on = False
        prioritise(conversation)
    if removed:
        advice.give(conversation, removed)
    if alike:
        warn(conversation, alike)
    if conversation.customer.blocked_at:
        woke = False
        hold_back(conversation)
    conversation.save()
    happened: list[tuple[EventKind, dict[str, Any]]] = [
        *([(EventKind.STARTED, {"channel": conversation.channel})] if is_first else []),
        *([(EventKind.REOPENED, {})] if woke else []),
        *([(EventKind.SECRET_REMOVED, {"kinds": removed})] if removed else []),
        (EventKind.RECEIVED, {"message": message.pk}),
    ]
    record_all(conversation, happened)
    return message
