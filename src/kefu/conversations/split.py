"""Two problems in one conversation become two conversations; related ones know of each other."""

from collections.abc import Sequence

from django.db import transaction

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation, Message, locked
from kefu.conversations.start import start
from kefu.conversations.timeline import append, append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.ids import uuid7
from kefu.topics.models import Topic


def split(conversation: Conversation, *, seqs: Sequence[int], by: Agent, topic: Topic | None = None, subject: str = "") -> Conversation:
    """A new conversation of the same customer that begins with copies of these words of theirs; files come along.

    The old timeline stays as it is, for what was said was said there. Raises NotAllowed, and Conflict("empty") where none of
    ``seqs`` is the customer's.
    """
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with transaction.atomic(), locked(conversation) as c:
        rows = c.messages.filter(seq__in=list(seqs)[:200], kind=Message.Kind.CUSTOMER)
        chosen = list(rows.order_by("seq").prefetch_related("attachments"))
        if not chosen:
            raise Conflict("empty")
        made = start(
            c.customer, channel=c.channel, language=c.language, topic=topic or c.topic, subject=subject.strip() or chosen[0].body[:80]
        )
        with locked(made) as new:
            new.stage, new.assignee, new.follows = Conversation.Stage.NONE, by, c
            append_activity(new, "split_from", agent=by, number=c.number)
            for message in chosen:
                data = {name: value for name, value in message.data.items() if name != "mail"}
                copy = append(new, Message.Kind.CUSTOMER, message.body, language=message.language, channel=message.channel, data=data,
                              created=message.created)  # fmt: skip
                _copy_files(message, copy)
            new.hear_from_customer(chosen[-1].created)
            new.save()
            new.related.add(c)
        append_activity(c, "split_into", agent=by, number=made.number)
        c.save()
    made.refresh_from_db()
    return made


def relate(one: Conversation, other: Conversation, *, by: Agent) -> None:
    """The two belong together, whoever their customers are: each is shown beside the other. Raises NotAllowed, Conflict("same")."""
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    if one.pk == other.pk:
        raise Conflict("same")
    with transaction.atomic():
        for here, there in sorted(((one, other), (other, one)), key=lambda pair: pair[0].pk):
            with locked(here) as c:
                append_activity(c, "related", agent=by, number=there.number)
                c.save()
        one.related.add(other)


def _copy_files(message: Message, copy: Message) -> None:
    """The same stored file under an address of its own: who may see one conversation may not see the other by it."""
    for file in message.attachments.all():
        file.pk, file.uid, file.message, file.conversation = None, uuid7(), copy, copy.conversation
        file._state.adding = True
        file.save()
