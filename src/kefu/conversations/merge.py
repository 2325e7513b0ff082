"""Two conversations of one customer about one problem become one."""

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.checklist import move
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Attachment, Conversation, EventKind, Message, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.search.index import Entry, put


def merge(source: Conversation, *, into: Conversation, by: Agent) -> Conversation:
    """Move everything that was said in ``source`` to the end of ``into`` and close ``source``, which names it.

    What the customer writes to ``source`` later arrives in ``into``. Raises NotAllowed, and Conflict for two customers,
    for one and the same, for one that is merged already, and when ``into`` is closed.
    """
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    if source.pk == into.pk:
        raise Conflict("same")
    with transaction.atomic():
        # Always in the order of their ids: two merges at once wait for each other instead of blocking.
        rows = {pk: c for pk in sorted((source.pk, into.pk)) for c in [_take(pk)]}
        gone, kept = rows[source.pk], rows[into.pk]
        if gone.customer_id != kept.customer_id:
            raise Conflict("customer")
        if gone.merged_into_id or kept.merged_into_id or kept.status == Conversation.Status.CLOSED:
            raise Conflict("merged")
        append_activity(kept, "merged_from", agent=by, number=gone.number)
        _move(gone, kept)
        kept.fields = {**gone.fields, **{name: value for name, value in kept.fields.items() if value}}
        kept.waiting_since = min(filter(None, [gone.waiting_since, kept.waiting_since]), default=None)
        if kept.waiting_since and kept.status == Conversation.Status.SOLVED:
            kept.reopen(now())
        kept.tags.add(*gone.tags.all())
        kept.followers.add(*gone.followers.all())
        move(gone, kept)
        gone.merged_into = kept
        gone.close(now())
        append_activity(gone, "merged_into", public=True, agent=by, number=kept.number)
        gone.save()
        kept.save()
        record(gone, EventKind.MERGED, into=kept.pk)
        record(kept, EventKind.MERGED, source=gone.pk)
    return kept


def _take(pk: int) -> Conversation:
    with locked(pk) as conversation:
        return conversation


def _move(gone: Conversation, kept: Conversation) -> None:
    """The messages in their order, numbered on without a gap; their files and words go along."""
    moved = list(gone.messages.exclude(kind=Message.Kind.ACTIVITY).order_by("seq"))
    for message in moved:
        kept.last_seq += 1
        message.conversation, message.seq, message.client_key = kept, kept.last_seq, None
    Message.objects.bulk_update(moved, ["conversation", "seq", "client_key"], batch_size=200)
    Attachment.objects.filter(message__in=moved).update(conversation=kept)
    put(Entry(message.pk, kept.pk, message.body) for message in moved if message.body)
    kept.last_message_at = max([kept.last_message_at, *(message.created for message in moved)])
