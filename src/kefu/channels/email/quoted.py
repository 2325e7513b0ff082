"""What stands below an answer, as its reader has it before them: the question, or everything that was said so far."""

from dataclasses import dataclass
from datetime import datetime

from kefu.channels.email.keys import keys_of, was_encrypted
from kefu.channels.email.models import Mailbox
from kefu.conversations.models import Message
from kefu.system.prepared import Fetch
from kefu.text.markup import plain, render

LONGEST = 3000  # characters of one message
MOST = 20000  # characters in all
COUNT = 30  # messages; the ticket's page has the others
SAID = (Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT)

_asked: Fetch[Message] = Fetch(
    lambda talk, seq: Message.objects.filter(conversation_id=talk, kind=Message.Kind.CUSTOMER, seq__lt=seq).order_by("-seq")[:1],
    Message._meta.get_field("conversation"),
    Message._meta.get_field("seq"),
)


@dataclass(frozen=True)
class Quoted:
    """One message as it is quoted. ``who`` is empty for the reader's own words."""

    at: datetime
    who: str
    text: str
    html: str  # safe: made by the renderer


def quoted_below(message: Message, address: str, mailbox: Mailbox | None, *, brand: str, language: str) -> list[Quoted]:
    """What the mailbox wants to be quoted, the newest first: nothing below what nobody typed.

    All of it goes to the customer alone: somebody in copy has not read the rest, so they get the question only. What came
    encrypted is not quoted in a mail that everybody on the way can read, nor is anything of such a conversation.
    """
    how = mailbox.quotes if mailbox else Mailbox.Quotes.LAST
    if message.kind != Message.Kind.AGENT or how == Mailbox.Quotes.NONE:
        return []
    copies = bool(message.data.get("cc") or message.data.get("bcc"))
    if how == Mailbox.Quotes.ALL and not copies:
        before = Message.objects.filter(conversation_id=message.conversation_id, seq__lt=message.seq).order_by("-seq")
        rows = list(before.filter(kind__in=SAID).exclude(body="").select_related("agent__user")[:COUNT])
    else:
        rows = _asked.all(message.conversation_id, message.seq)
    if any(was_encrypted(one) for one in rows) and (copies or not keys_of(address, used=True)):
        return []
    return [_quoted(one, brand, language) for one in _few(rows)]


def _few(rows: list[Message]) -> list[Message]:
    """As many as fit, and one in any case."""
    room = MOST
    found: list[Message] = []
    for one in rows:
        room -= min(len(one.body), LONGEST)
        if room < 0 and found:
            break
        found.append(one)
    return found


def _quoted(one: Message, brand: str, language: str) -> Quoted:
    who = "" if one.kind == Message.Kind.CUSTOMER else one.agent.label(language) if one.agent else brand
    body = one.body[:LONGEST]
    return Quoted(one.created, who, plain(body) if one.kind == Message.Kind.BOT else body, render(body))
