"""Mails as customers' programs write them."""

from email.message import EmailMessage
from email.utils import make_msgid


def letter(
    text: str = "My withdrawal has not arrived, please help.",
    *,
    sender: str = "Ana <ana@mail.example>",
    to: str = "support@beichen.example",
    subject: str = "Withdrawal",
    message_id: str = "",
    **fields: str,
) -> EmailMessage:
    """A mail as a customer's program writes it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = message_id or make_msgid(domain="mail.example")
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made
