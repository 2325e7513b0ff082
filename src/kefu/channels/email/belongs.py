"""Which conversation a mail belongs to: by what only we can have written, and only if its sender takes part."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kefu.channels.email.models import SeenMail
from kefu.channels.email.threads import read_id, read_token
from kefu.conversations.models import Conversation, Delivery
from kefu.conversations.reply import mail_address
from kefu.people.models import Identity
from kefu.text import numbering
from kefu.text.mail import Mail

_TOKEN = re.compile(r"^[^+@]{1,64}\+([a-z2-7]{20,80})@", re.I)


@dataclass(frozen=True)
class Thread:
    """``conversation``: where the mail goes on. ``claimed``: what it named, though its sender has no part in it. ``sure``: the
    mail has what only our mail to this sender can have told them, or is proven to be theirs; a number alone is not enough."""

    conversation: Conversation | None = None
    claimed: Conversation | None = None
    sure: bool = False


def thread_of(mail: Mail, recipients: Iterable[str], *, proven: bool, forged: bool) -> Thread:
    """Where a mail belongs. The signed reply address counts first, then our own Message-IDs, then a number in the subject.

    Whatever is named, the sender must be a participant; a forged sender never is. A number alone can be guessed or
    overheard: it takes a sender who is proven, or of whom nothing speaks against it, and who is the customer.
    """
    claimed = None
    for uid, secret in _named(mail, recipients).items():
        found = Conversation.objects.filter(uid=uid).select_related("customer").first()
        if found is None:
            continue
        found = _last(found)
        if not forged and takes_part(found, mail.sender):
            return Thread(found, sure=secret or proven)
        claimed = claimed or found
    by_number = _by_number(mail.subject)
    if by_number is not None:
        by_number = _last(by_number)
        if not forged and (proven or claimed is None) and takes_part(by_number, mail.sender):
            return Thread(by_number, sure=proven)
        claimed = claimed or by_number
    return Thread(None, claimed)


def takes_part(conversation: Conversation, address: str) -> bool:
    """Is it the customer's mailbox, or one that support wrote to in this conversation?"""
    low = address.lower()
    if not low:
        return False
    known = conversation.customer.identities.filter(kind=Identity.Kind.EMAIL).values_list("address", flat=True)
    if low in {one.lower() for one in known} or low == mail_address(conversation).lower():
        return True
    return Delivery.objects.filter(message__conversation=conversation, channel="email", address__iexact=low).exists()


def _named(mail: Mail, recipients: Iterable[str]) -> dict[UUID, bool]:
    """Conversations by tokens and Message-IDs that we made, the surest first: True for what nobody guesses and nobody reads but
    whom we wrote to."""
    found: dict[UUID, bool] = {}
    for address in (*recipients, *mail.recipients, *mail.delivered_to):
        token = _TOKEN.match(address)
        uid = read_token(token[1]) if token else None
        if uid:
            found[uid] = True
    ours = [read_id(one) for one in reversed(mail.references)]
    for kind, uid in filter(None, ours):
        if kind == "talk":
            found.setdefault(uid, False)
    keys = [uid for kind, uid in filter(None, ours) if kind == "kefu"]
    if keys:
        rows = Delivery.objects.filter(key__in=keys[:50]).values_list("key", "message__conversation__uid")
        by_key = dict(rows)
        found |= {by_key[key]: True for key in keys if key in by_key}
    return found | {uid: False for uid in _answers_own(mail.references, mail.sender) if uid not in found}


def _answers_own(references: Sequence[str], sender: str) -> list[UUID]:
    """A customer who answers a mail of their own means the conversation that it went into."""
    if not references:
        return []
    rows = SeenMail.objects.filter(header_id__in=references[-50:], sender=sender.lower(), conversation__isnull=False)
    return [uid for uid in rows.order_by("-received").values_list("conversation__uid", flat=True)[:3] if uid]


def _by_number(subject: str) -> Conversation | None:
    number = numbering.read(subject)
    return Conversation.objects.filter(number=number).select_related("customer").first() if number else None


def _last(conversation: Conversation) -> Conversation:
    """The conversation that this one was merged into, at the end of the chain."""
    for _ in range(20):
        if conversation.merged_into_id is None:
            break
        conversation = Conversation.objects.select_related("customer").get(pk=conversation.merged_into_id)
    return conversation
