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
    wanted = _ids(uids)
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
    message.has_files()
    return mine.update(message=message, conversation_id=message.conversation_id)


def removed_from(uids: Sequence[str]) -> set[str]:
    """The kinds of secrets that were taken out of these files before they were kept. Raises NotAllowed for what is no id."""
    rows = Attachment.objects.filter(uid__in=_ids(uids), message__isnull=True).values_list("removed", flat=True)
    return {kind for kinds in rows for kind in kinds}


def _ids(uids: Sequence[str]) -> set[UUID]:
    try:
        return {UUID(uid) for uid in uids}
    except ValueError:
        raise NotAllowed("attachment") from None
