"""Tying uploaded files to the message they were sent with."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from kefu.conversations.errors import NotAllowed
from kefu.conversations.models import Attachment, Message


def attach(message: Message, uids: Sequence[str], *, by_customer: bool = True, uploader: str = "") -> int:
    """Send files along with a message; returns how many.

    Only files of this conversation (or, before there was one, of the same ``uploader``), uploaded by the same side and
    not sent before, count: anything else raises NotAllowed, so that nobody can send a stranger's file by its id.
    """
    try:
        wanted = {UUID(uid) for uid in uids}
    except ValueError:
        raise NotAllowed("attachment") from None
    place = Q(conversation_id=message.conversation_id)
    if uploader:
        place |= Q(conversation__isnull=True, uploader=uploader)
    mine = Attachment.objects.filter(
        place,
        uid__in=wanted,
        message__isnull=True,
        by_customer=by_customer,
        state=Attachment.State.CLEAN,
    )
    if mine.count() != len(wanted):
        raise NotAllowed("attachment")
    return mine.update(message=message, conversation_id=message.conversation_id)
