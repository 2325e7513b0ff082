"""Who gets an answer by mail: the customer, and whoever is named in cc and bcc."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kefu.conversations.errors import BadRecipient
from kefu.conversations.models import Conversation, Message
from kefu.conversations.reply import mail_address

MOST = 20


@dataclass(frozen=True)
class Recipients:
    """Addresses in lower case, without doubles."""

    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    def as_data(self) -> dict[str, list[str]]:
        """As a message keeps them; empty ones are left out."""
        return {name: list(values) for name, values in (("cc", self.cc), ("bcc", self.bcc)) if values}


def read_recipients(cc: str, bcc: str) -> Recipients:
    """What was typed, separated by commas, semicolons or spaces. Raises BadRecipient with what is no address."""
    first = _addresses(cc)
    return Recipients(first, tuple(one for one in _addresses(bcc) if one not in first))


def participants(conversation: Conversation) -> set[str]:
    """Everybody whom a mail of this conversation has named, and those who have been answered."""
    found = {mail_address(conversation)}
    rows = conversation.messages.filter(kind__in=[Message.Kind.CUSTOMER, Message.Kind.AGENT]).exclude(data={})
    for data in rows.values_list("data", flat=True)[:500]:
        mail = data.get("mail") or {}
        found |= {str(one).lower() for name in ("to", "cc") for one in (*mail.get(name, ()), *data.get(name, ()))}
        found |= {str(one).lower() for one in data.get("bcc", ())} | {str(mail.get("from", "")).lower()}
    return found - {""}


def strangers(conversation: Conversation, recipients: Recipients) -> list[str]:
    """Those who have had no part so far: they would read everything that is quoted below."""
    known = participants(conversation)
    return [one for one in (*recipients.cc, *recipients.bcc) if one not in known]


def of_all(conversation: Conversation, ours: set[str]) -> list[str]:
    """Whom "reply to all" adds: the others of the customer's last mail, without us."""
    last = conversation.messages.filter(kind=Message.Kind.CUSTOMER, data__mail__isnull=False).order_by("-seq").first()
    mail = last.data["mail"] if last else {}
    leave = ours | {mail_address(conversation), str(mail.get("from", "")).lower()}
    return list(dict.fromkeys(one for name in ("to", "cc") for one in map(str.lower, map(str, mail.get(name, ()))) if one not in leave))


def _addresses(text: str) -> tuple[str, ...]:
    found = []
    for one in filter(None, re.split(r"[\s,;，；]+", text[:4000].lower())):
        try:
            validate_email(one)
        except ValidationError as error:
            raise BadRecipient(one[:80]) from error
        found.append(one)
    if len(found) > MOST:
        raise BadRecipient(f"> {MOST}")
    return tuple(dict.fromkeys(found))
