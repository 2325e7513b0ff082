"""Tickets as the channels of forms and mail take them in."""

from uuid import uuid4

from kefu.channels.form.adapter import parse
from kefu.conversations.models import Conversation
from kefu.conversations.receive import receive

MIA = "mia@mail.example"


def write(text: str = "missing", key: str = "", who: str = MIA, thread: str = "") -> Conversation:
    """A customer writes: a ticket of its own, or further words in ``thread``, the hexadecimal uid of one."""
    return receive(parse("email", who, topic="", text=text, key=key or uuid4().hex, fields={}, language="en", thread=thread)).conversation
