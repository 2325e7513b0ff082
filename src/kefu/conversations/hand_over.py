"""From the bot to a person: into the queue, with what is known."""

from typing import Any

from django.utils.timezone import now

from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind
from kefu.conversations.timeline import append_activity

Stage = Conversation.Stage


def hand_over(conversation: Conversation, *, reason: str, summary: dict[str, Any] | None = None) -> bool:
    """Put a ``locked`` conversation into the queue; the caller saves it. False when a person has it or it waits already.

    ``summary`` (what was asked, collected and tried) stays with the conversation for whoever takes it.
    """
    if conversation.stage in {Stage.QUEUED, Stage.LIVE}:
        return False
    conversation.enter_queue(now())
    if summary is not None:
        conversation.bot = {**conversation.bot, "summary": summary}
    append_activity(conversation, "queued", public=True, reason=reason)
    record(conversation, EventKind.HANDOFF_REQUESTED, reason=reason)
    record(conversation, EventKind.QUEUED)
    return True
