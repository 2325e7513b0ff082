"""The one door in: a message from any channel is guarded, identified, threaded and stored."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.conversations import advice
from kefu.conversations.attach import attach
from kefu.conversations.envelope import Inbound
from kefu.conversations.events import record
from kefu.conversations.guard import guard
from kefu.conversations.models import Conversation, EventKind, Message
from kefu.conversations.prioritise import listen_for_signals, prioritise
from kefu.conversations.shield import imitations, warn
from kefu.conversations.threading import conversation_for
from kefu.conversations.timeline import append
from kefu.people.identify import identify


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
    with transaction.atomic():
        customer = identify(inbound.sender_kind, inbound.sender, name=inbound.sender_name, language=inbound.language).customer
        if seen := _stored(inbound):
            return Received(seen, list(seen.data.get("removed", [])), is_new=False)
        conversation = conversation_for(inbound, customer)
        # Where rows are locked one by one, the same message may have come in while we waited for this one.
        if connection.features.has_select_for_update and (seen := _stored(inbound)):
            return Received(seen, list(seen.data.get("removed", [])), is_new=False)
        message = _store(conversation, inbound, removed)
    return Received(message, removed, is_new=True)


def _stored(inbound: Inbound) -> Message | None:
    found = Message.objects.filter(channel=inbound.channel, external_id=_external_id(inbound))
    if not found.values("pk")[:1]:  # nearly always: a look at the index, no more
        return None
    return found.select_related("conversation").get()


def _external_id(inbound: Inbound) -> str:
    return f"{inbound.sender}:{inbound.key}"[:200]


def _store(conversation: Conversation, inbound: Inbound, removed: list[str]) -> Message:
    at = now()
    alike = imitations(inbound.text)
    data = (
        dict(inbound.about)
        | ({"lookalikes": alike} if alike else {})
        | ({"removed": removed} if removed else {})
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
    else:
        message.has_no_files()
    woke = conversation.hear_from_customer(at)
    if not conversation.subject and conversation.last_seq == 1:
        conversation.subject = " ".join(inbound.text.split())[:120]
    is_first = conversation.last_seq == 1
    if is_first:
        conversation.fields = {**conversation.fields, **inbound.fields}
        conversation.chosen_urgency = inbound.urgency[:8]
    if listen_for_signals(conversation, inbound.text) or is_first:
        prioritise(conversation)
    if removed:
        advice.give(conversation, removed)
    if alike:
        warn(conversation, alike)
    conversation.save()
    if woke:
        record(conversation, EventKind.REOPENED)
    if removed:
        record(conversation, EventKind.SECRET_REMOVED, kinds=removed)
    record(conversation, EventKind.RECEIVED, message=message.pk)
    return message
