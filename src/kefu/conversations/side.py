"""Side conversations: another team or somebody outside is asked, apart from the customer; what they say comes back as a note."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.errors import NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Attachment, Conversation, Event, EventKind, Message, locked
from kefu.conversations.reply import reply
from kefu.conversations.start import start
from kefu.conversations.timeline import append, append_activity
from kefu.people.identify import identify
from kefu.people.models import Agent, Customer, Identity, Team
from kefu.people.permissions import may
from kefu.system.ids import uuid7

INTERNAL = "internal"
MOST_FILES = 10
# Who "speaks" in talks between colleagues: nobody's customer, so that no page of any customer shows them.
DESK = UUID("018f0000-0000-7000-8000-000000000001")


def ask_team(parent: Conversation, *, team: Team, text: str, by: Agent) -> Conversation:
    """Ask another team: a ticket of theirs that begins with a note. Raises NotAllowed, ValueError for no text."""
    words = _checked(text, by)
    with transaction.atomic():
        desk, _made = Customer.objects.get_or_create(uid=DESK, defaults={"name": "Kefu"})
        child = start(desk, channel=INTERNAL, language=parent.language, topic=parent.topic, subject=words[:80], asked_from=parent)
        with locked(child) as c:
            c.team, c.priority, c.status = team, parent.priority, Conversation.Status.OPEN
            c.waiting_since = now()
            message = append(c, Message.Kind.NOTE, words, agent=by)
            c.save()
            record(c, EventKind.MESSAGE_LEFT)
            record(c, EventKind.NOTED, message=message.pk)
        _note_in(parent, "asked_team", by, child, to=team.slug)
    return child


def ask_by_mail(
    parent: Conversation, *, address: str, text: str, by: Agent, subject: str = "", files_of: Sequence[Message] = ()
) -> Conversation:
    """Ask or forward to somebody outside by mail: a conversation of its own, which they answer by mail.

    ``files_of``: messages of ``parent`` whose files go along, as copies.

    Raises NotAllowed, ValueError for no text, and what ``reply`` raises.
    """
    words = _checked(text, by)
    with transaction.atomic():
        partner = identify(Identity.Kind.EMAIL, address.lower())
        title = subject.strip() or parent.subject or words[:80]
        child = start(partner.customer, channel="email", language=parent.language, topic=parent.topic, subject=title, asked_from=parent)
        with locked(child) as c:
            c.team, c.assignee, c.status = parent.team, by, Conversation.Status.OPEN
            c.fields = {"reply_to": address.lower()}
            c.save()
        reply(child, words, agent=by, client_key=f"side:{child.pk}", files=copy_files(files_of, to=child))
        _note_in(parent, "asked_by_mail", by, child, to=address.lower())
    child.refresh_from_db()
    return child


def quoted(parent: Conversation, messages: Sequence[Message], *, name_of: Callable[[Message], str]) -> str:
    """What is forwarded: each message under who said it and when, as a quotation. Notes are never forwarded."""
    parts = []
    for one in messages:
        if one.kind in {Message.Kind.NOTE, Message.Kind.ACTIVITY} or one.conversation_id != parent.pk:
            raise NotAllowed("message")
        lines = "\n".join(f"> {line}" for line in one.body[:6000].splitlines())
        parts.append(f"{name_of(one)}, {one.created:%Y-%m-%d %H:%M} UTC:\n\n{lines}")
    return "\n\n".join(parts)


def copy_files(messages: Sequence[Message], *, to: Conversation) -> tuple[str, ...]:
    """Copies of their files that the desk may send in ``to``: what is erased here stays erased there, and the other way."""
    made = []
    for one in Attachment.objects.filter(message__in=messages, state=Attachment.State.CLEAN).order_by("pk")[:MOST_FILES]:
        try:
            with default_storage.open(one.storage_key) as file:
                one.storage_key = default_storage.save(f"attachments/{uuid7().hex[:4]}/{uuid7().hex}", ContentFile(file.read()))
        except OSError:
            continue
        one.pk, one.uid, one.thumbnail_key = None, uuid7(), ""
        one.conversation, one.message, one.by_customer, one.uploader = to, None, False, ""
        one._state.adding = True
        one.save()
        made.append(one.uid.hex)
    return tuple(made)


def tell_back(event: Event) -> None:
    """Reaction: what was said in a side conversation stands as a note where it was asked, once, and wakes it."""
    child = event.conversation
    message = Message.objects.select_related("agent").filter(pk=event.data.get("message"), conversation=child).first()
    if message is None or child.asked_from_id is None or message.seq == _first(child):
        return
    if message.kind == Message.Kind.AGENT and child.channel != INTERNAL:
        return  # our own question by mail
    with locked(child.asked_from_id) as c:
        key = f"side:{message.pk}"
        if c.messages.filter(client_key=key).exists():
            return
        data = {"side": child.number, "from": message.agent.badge if message.agent else child.fields.get("reply_to", "")}
        append(c, Message.Kind.NOTE, message.body, agent=message.agent, client_key=key, data=data)
        c.snoozed_until = None
        if c.status == Conversation.Status.ON_HOLD:
            c.status = Conversation.Status.OPEN
            record(c, EventKind.STATUS_CHANGED, before=Conversation.Status.ON_HOLD, after=c.status)
        c.save()
        record(c, EventKind.NOTED)


def _first(child: Conversation) -> int:
    return child.messages.exclude(kind=Message.Kind.ACTIVITY).order_by("seq").values_list("seq", flat=True).first() or 0


def _checked(text: str, by: Agent) -> str:
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    words = clear(text.strip())[0]
    if not words:
        raise ValueError("text")
    return words


def _note_in(parent: Conversation, what: str, by: Agent, child: Conversation, *, to: str) -> None:
    with locked(parent) as c:
        append_activity(c, what, agent=by, number=child.number, to=to)
        c.save()
