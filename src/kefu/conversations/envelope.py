"""What channels and the core hand each other. Pure: adapters can be tested without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Inbound:
    """One message from outside, in the same shape for every channel.

    ``key`` is the channel's own id of the message: the same key twice is the same message. ``thread`` is the uid of
    the conversation it continues, if the channel knows; it counts only when the sender is that conversation's
    customer, or when the channel has seen more than the sender's word for it that they speak for that customer (``let_in``):
    a mail to the signed address that only the mailbox knows to which the customer had us write.
    """

    channel: str
    sender_kind: str
    sender: str
    text: str = field(repr=False)  # unguarded: must not reach a log or a traceback
    key: str
    thread: str = ""
    let_in: bool = False
    sender_name: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    language: str = ""
    topic: str = ""
    live: bool = False
    choice: str = ""  # the value of the button that was pressed, if one was
    files: tuple[str, ...] = ()  # uids of attachments uploaded before
    uploader: str = ""  # who uploaded them, where that was before there was a conversation
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)  # the topic's fields, checked by the channel
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)  # what else the channel knows; guarded by the channel
    removed: tuple[str, ...] = ()  # kinds of secrets in what the channel did not take, such as a document
    urgency: str = ""  # the customer's own choice: low, normal, high or urgent


@dataclass(frozen=True)
class Outbound:
    """One message on its way out, as a channel's ``send`` gets it. ``key`` stays the same over all attempts."""

    key: str
    address: str
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    language: str = "en"
    number: str = ""
    thread: str = ""
