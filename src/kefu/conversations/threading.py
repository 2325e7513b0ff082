"""Which conversation a message belongs to."""

from typing import Any
from uuid import UUID

from kefu.conversations.envelope import Inbound
from kefu.conversations.models import Conversation
from kefu.conversations.start import start
from kefu.people.models import Customer
from kefu.topics.models import Topic


def conversation_for(inbound: Inbound, customer: Customer) -> Conversation:
    """The named conversation, if it is this customer's and not closed; else a new one, linked to a closed one.

    It is locked until the end of the transaction, as by ``locked``: call in one.

    Knowing a conversation's uid or number proves nothing: a stranger who quotes it starts a new conversation.
    """
    named = _named(inbound.thread, customer)
    while named and named.merged_into_id:
        named = _locked(pk=named.merged_into_id, customer=customer)
    if named and named.status != Conversation.Status.CLOSED:
        return named
    topic = Topic.objects.filter(slug=inbound.topic).select_related("team").first() if inbound.topic else None
    conversation = start(
        customer,
        channel=inbound.channel,
        language=inbound.language or customer.language or "en",
        topic=topic,
        live=inbound.live,
        subject=inbound.subject,
    )
    if named:
        conversation.follows = named
        conversation.save(update_fields=["follows"])
    return conversation


def _named(thread: str, customer: Customer) -> Conversation | None:
    try:
        uid = UUID(thread)
    except ValueError:
        return None
    return _locked(uid=uid, customer=customer)


def _locked(**which: Any) -> Conversation | None:
    return Conversation.objects.select_for_update(of=("self",)).filter(**which).first()
