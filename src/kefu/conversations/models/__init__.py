from kefu.conversations.models.attachment import Attachment
from kefu.conversations.models.checklist_item import ChecklistItem
from kefu.conversations.models.collaborator import Collaborator
from kefu.conversations.models.conversation import IS_OPEN, IS_OVER, Conversation, Tag, lock, lock_of, locked
from kefu.conversations.models.delivery import Delivery
from kefu.conversations.models.draft import Draft
from kefu.conversations.models.event import Event, EventKind
from kefu.conversations.models.message import Message
from kefu.conversations.models.watch import Watch

__all__ = [
    "IS_OPEN",
    "IS_OVER",
    "Attachment",
    "ChecklistItem",
    "Collaborator",
    "Conversation",
    "Delivery",
    "Draft",
    "Event",
    "EventKind",
    "Message",
    "Tag",
    "Watch",
    "lock",
    "lock_of",
    "locked",
]
