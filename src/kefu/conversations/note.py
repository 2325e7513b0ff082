"""A note for colleagues: the customer never sees it."""

from kefu.conversations.errors import NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import guard_note
from kefu.conversations.mentions import mention
from kefu.conversations.models import Conversation, EventKind, Message, locked
from kefu.conversations.timeline import append
from kefu.people.models import Agent
from kefu.people.permissions import may


def note(conversation: Conversation, text: str, *, agent: Agent, client_key: str = "") -> Message:
    """Add a note; the same ``client_key`` again returns the one that is there. Raises NotAllowed and TooLong."""
    if not may(agent, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if client_key and (seen := c.messages.filter(client_key=client_key).first()):
            return seen
        message = append(c, Message.Kind.NOTE, guard_note(text), agent=agent, client_key=client_key or None)
        named = mention(c, text, by=agent)
        c.save()
        record(c, EventKind.NOTED, message=message.pk, mentioned=named)
    return message
