"""Read states: how far each side has seen the timeline. They may be late, never wrong."""

from django.db.models import F
from django.db.models.functions import Least
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.system import live


def read_by_customer(conversation: Conversation, seq: int) -> None:
    """The customer has seen everything up to ``seq``, and is here."""
    _advance(conversation, "customer_read_seq", seq, customer_seen_at=now())
    live.whisper(conversation.channel_name, "read", {"by": "customer", "seq": seq})


def read_by_agent(conversation: Conversation, seq: int) -> None:
    """An agent has seen everything up to ``seq``."""
    _advance(conversation, "agent_read_seq", seq)
    live.whisper(conversation.channel_name, "read", {"by": "agent", "seq": seq})


def _advance(conversation: Conversation, field: str, seq: int, **more: object) -> None:
    rows = Conversation.objects.filter(pk=conversation.pk)
    if more:
        rows.update(**more)
    rows.filter(**{f"{field}__lt": seq}).update(**{field: Least(F("last_seq"), seq)})
