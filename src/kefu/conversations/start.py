"""A conversation begins."""

from django.utils.timezone import now

from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind
from kefu.people.models import Customer
from kefu.system.prepared import insert
from kefu.topics.models import Topic


def start(
    customer: Customer,
    *,
    channel: str,
    language: str,
    topic: Topic | None = None,
    live: bool = False,
    subject: str = "",
    asked_from: Conversation | None = None,
    tell: bool = True,
) -> Conversation:
    """A new conversation of ``customer`` with its number. A live one begins with the bot. Call in a transaction.

    With ``tell`` off the caller saves it and records that it began, together with its first message.
    """
    at = now()
    conversation = Conversation(
        customer=customer,
        channel=channel,
        language=language,
        topic=topic,
        team=topic.team if topic else None,
        tier=customer.tier,
        subject=subject[:200],
        asked_from=asked_from,
        stage=Conversation.Stage.BOT if live else Conversation.Stage.NONE,
        created=at,
        last_message_at=at,
        customer_seen_at=at,
    )
    insert(conversation)
    conversation.is_locked()
    conversation.give_number()
    if tell:
        conversation.save()
        record(conversation, EventKind.STARTED, channel=channel)
    return conversation
