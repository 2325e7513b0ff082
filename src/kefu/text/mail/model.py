"""What a mail says, once it is read."""

from dataclasses import dataclass, field
from datetime import datetime

from kefu.text.mail.headers import Address


@dataclass(frozen=True)
class Attachment:
    """A file of a mail. ``name`` has no path and no unseen character; ``content_id`` is how HTML refers to it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str = ""


@dataclass
class Mail:
    """What a mail says. Texts are clean of NUL and lone surrogates; ids carry their angle brackets.

    ``text`` is the plain text (made from the HTML where a mail has no other), ``html`` the HTML as it came, not
    sanitised. ``references`` holds References and In-Reply-To, the nearest last. ``problems`` says in words what was
    broken, missing or left out.
    """

    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    message_id: str = ""
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    signed: str = ""  # "pgp" or "smime", as the mail says, not verified
    encrypted: str = ""
    delivered_to: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first field of that name, decoded; "" where there is none."""
        low = name.lower()
        return next((value for key, value in self.headers if key.lower() == low), "")
