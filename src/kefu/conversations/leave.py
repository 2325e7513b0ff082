"""Leaving the queue: back to the bot, or with a message that is answered later."""

from django.utils.timezone import now

from kefu.conversations.errors import Conflict
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity

Stage = Conversation.Stage


def leave_queue(conversation: Conversation) -> Conversation:
    """The customer does not want to wait any more and goes back to the bot. Raises Conflict when not waiting."""
    with locked(conversation) as c:
        if c.stage != Stage.QUEUED:
            raise Conflict(c.stage)
        c.stage, c.queued_at = Stage.BOT, None
        append_activity(c, "left_queue", public=True)
        c.save()
        record(c, EventKind.LEFT_QUEUE, why="customer")
    return c


def leave_message(conversation: Conversation, *, email: str) -> Conversation:
    """Nobody can come soon: the talk goes on as a ticket that is answered later, by mail to ``email`` as well.

    The address is a wish, not a proof: it opens nothing. Raises Conflict when a person has the talk.
    """
    with locked(conversation) as c:
        if c.stage == Stage.LIVE or c.is_over:
            raise Conflict(c.stage)
        c.leave_queue()
        c.status = Conversation.Status.OPEN
        c.queued_at = None
        c.waiting_since = c.waiting_since or now()
        c.fields = {**c.fields, "reply_to": email}
        append_activity(c, "message_left", public=True)
        c.save()
        record(c, EventKind.MESSAGE_LEFT)
    return c
