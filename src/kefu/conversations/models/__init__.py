from kefu.conversations.models.attachment import Attachment
from kefu.conversations.models.conversation import IS_OPEN, IS_OVER, Conversation, Tag, locked
from kefu.conversations.models.delivery import Delivery
from kefu.conversations.models.draft import Draft
from kefu.conversations.models.event import Event, EventKind
from kefu.conversations.models.message import Message

__all__ = ["IS_OPEN", "IS_OVER", "Attachment", "Conversation", "Delivery", "Draft", "Event", "EventKind", "Message", "Tag", "locked"]
