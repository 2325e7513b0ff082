"""Adding an entry to a conversation's timeline: the next number, under the conversation's row lock."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.models import Conversation, Message
from kefu.conversations.recent import keep
from kefu.system.prepared import insert
from kefu.system.search.index import Entry, put


def append(conversation: Conversation, kind: Message.Kind, body: str = "", **values: Any) -> Message:
    """The new entry. ``conversation`` must come from ``locked``; the caller saves it."""
    conversation.last_seq += 1
    values.setdefault("created", now())
    message = insert(Message(conversation=conversation, seq=conversation.last_seq, kind=kind, body=body, **values))
    message.has_no_files()  # until ``attach`` says otherwise
    transaction.on_commit(partial(keep, conversation.uid, message))
    if body:
        put([Entry(message.pk, message.conversation_id, body)])
    return message


def append_activity(conversation: Conversation, what: str, *, public: bool = False, **data: Any) -> Message:
    """Something happened, such as ``assigned``: shown in the timeline in the reader's own language."""
    agent = data.pop("agent", None)
    return append(conversation, Message.Kind.ACTIVITY, agent=agent, data={"what": what, "public": public, **data})
