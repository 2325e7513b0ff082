"""Looking for a conversation: by its number, its customer, its subject or its words."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kefu.conversations.models import Conversation, Message
from kefu.people.models import Agent
from kefu.text import numbering
from kefu.text.secrets import redact

MOST_WORDS = 6


def find(agent: Agent, query: str) -> "QuerySet[Conversation]":
    """The agent's visible conversations in which every word of the query occurs, newest activity first."""
    rows = Conversation.objects.visible_to(agent).select_related("customer", "assignee", "topic")  # type: ignore[attr-defined]
    rows = rows.prefetch_related("topic__translations").order_by("-last_message_at", "-pk")
    if number := numbering.read(query):
        return rows.filter(number=number)  # type: ignore[no-any-return]
    for word in redact(query).text.split()[:MOST_WORDS]:
        said = Message.objects.filter(conversation=OuterRef("pk"), body__icontains=word)
        rows = rows.filter(
            Q(subject__icontains=word)
            | Q(number__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(customer__exchange_uid=word)
            | Q(Exists(said))
        )
    return rows  # type: ignore[no-any-return]
