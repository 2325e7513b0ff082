"""Has the thread changed since an agent read it? An answer to what one has not read is asked about first."""

from kefu.conversations.models import Conversation, Message
from kefu.people.models import Agent


def changed(conversation: Conversation, seen: int, *, agent: Agent) -> list[Message]:
    """What others said to or from the customer after ``seen``: colleagues' answers always; the customer's words only where
    the talk is not live, for in a live talk both write at once."""
    kinds = [Message.Kind.AGENT]
    if conversation.stage == Conversation.Stage.NONE:
        kinds.append(Message.Kind.CUSTOMER)
    rows = conversation.messages.filter(seq__gt=seen, kind__in=kinds).exclude(kind=Message.Kind.AGENT, agent=agent)
    return list(rows.select_related("agent").order_by("seq")[:20])
