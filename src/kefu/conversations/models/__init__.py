from kefu.conversations.models.attachment import Attachment
from kefu.conversations.models.conversation import Conversation, Tag, locked
from kefu.conversations.models.delivery import Delivery
from kefu.conversations.models.event import Event, EventKind
from kefu.conversations.models.message import Message

__all__ = ["Attachment", "Conversation", "Delivery", "Event", "EventKind", "Message", "Tag", "locked"]
