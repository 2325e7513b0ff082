"""Which conversation a message belongs to."""

from uuid import UUID

from kefu.conversations.envelope import Inbound
from kefu.conversations.models import Conversation, lock_of
from kefu.conversations.start import start
from kefu.people.models import Customer
from kefu.topics.models import by_slug


def conversation_for(inbound: Inbound, customer: Customer) -> Conversation:
    """The named conversation, if it is this customer's and not closed; else a new one, linked to a closed one, whose beginning
    is told together with its first message.

    It is locked until the end of the transaction, as by ``locked``: call in one.

    Knowing a conversation's uid or number proves nothing: a stranger who quotes it starts a new conversation. Who is let in
    writes there as its customer, and becomes nobody else's.
    """
    if inbound.let_in:
        customer = _customer_of(inbound.thread) or customer
    named = _named(inbound.thread, customer)
    while named and named.merged_into_id:
        named = _named(str(Conversation.objects.values_list("uid", flat=True).get(pk=named.merged_into_id)), customer)
    if named and named.status != Conversation.Status.CLOSED:
        return named
    if customer.blocked_at and (held := _held_back(customer)):
        return held
    topic = by_slug.first(inbound.topic) if inbound.topic else None
    conversation = start(
        customer,
        channel=inbound.channel,
        language=inbound.language or customer.language or "en",
        topic=topic,
        live=inbound.live,
        subject=inbound.subject,
        tell=False,
    )
    if named:
        conversation.follows = named
        conversation.save(update_fields=["follows"])
    return conversation


def _held_back(customer: Customer) -> Conversation | None:
    """Where what a blocked sender writes is kept together, locked."""
    rows = customer.conversations.filter(bin=Conversation.Bin.SPAM, binned_at__isnull=False)
    found = rows.order_by("-binned_at", "-pk").values_list("uid", flat=True).first()
    return _named(str(found), customer) if found else None


def _customer_of(thread: str) -> Customer | None:
    found = Conversation.objects.filter(uid=thread).select_related("customer").first()
    return found.customer if found else None


def _named(thread: str, customer: Customer) -> Conversation | None:
    try:
        uid = UUID(thread)
    except ValueError:
        return None
    found = lock_of(uid, customer.pk)
    if found:
        found.customer = customer  # whoever asks for it next need not ask the database
    return found
