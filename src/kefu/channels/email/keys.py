"""Keys of customers and of our mailboxes: found in mail, opened with, written to."""

import base64
from dataclasses import dataclass, field
from hashlib import sha1

from django.db import transaction

from kefu.channels.email.models import Mailbox, PublicKey
from kefu.conversations.models import Conversation, Message
from kefu.system.turn import write_turn
from kefu.text.mail import Mail, pgp, read
from kefu.text.mail.read import parse

KEY_TYPES = {"application/pgp-keys"}
_ZBASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ybndrfg8ejkmcpqxot1uwisza345h769")


@dataclass(frozen=True)
class Unlocked:
    """A mail after opening. ``state``: "" for an ordinary one, else "closed", "encrypted", "signed" or both with "+";
    ``signed``: "good", "unknown" or "bad"."""

    mail: Mail
    state: str = ""
    signed: str = ""
    by: str = ""
    raw: bytes = field(default=b"", repr=False)


def unlock(raw: bytes, mail: Mail, mailbox: Mailbox) -> Unlocked:
    """The mail as its sender wrote it: opened with the mailbox's key, its signature checked against the sender's keys."""
    if not mail.encrypted and not mail.signed and b"-----BEGIN PGP " not in raw:
        return Unlocked(mail)
    opened = pgp.open_mail(raw, mailbox.secret("pgp_key"), [key.armoured for key in keys_of(mail.sender)])
    if opened is None:
        return Unlocked(mail)
    if not opened.opened:
        return Unlocked(mail, "closed")
    is_encrypted = mail.encrypted == "pgp" or b"-----BEGIN PGP MESSAGE-----" in raw
    state = "+".join(filter(None, ("encrypted" if is_encrypted else "", "signed" if opened.signed else "")))
    if mail.signed == "pgp" and not is_encrypted:
        return Unlocked(mail, state, opened.signed, opened.by)
    inner = pgp.inner_mail(parse(raw), opened.content)
    return Unlocked(read(inner), state, opened.signed, opened.by, inner)


def keys_of(address: str, *, used: bool = False) -> list[PublicKey]:
    """The keys that we know of an address; ``used``: only those that we write to."""
    rows = PublicKey.objects.filter(address=address.lower()).exclude(state=PublicKey.State.RETIRED)
    return list(rows.filter(state=PublicKey.State.USED) if used else rows)


def learn(mail: Mail, *, proven: bool, forged: bool) -> list[PublicKey]:
    """Keep the keys that came along, attached or pasted, if they are for the sender.

    The first key of a ``proven`` sender is used at once, any other waits. A forged mail teaches nothing.
    """
    if forged or not mail.sender:
        return []
    texts = [
        mail.text,
        *(
            a.content.decode("latin-1")
            for a in mail.attachments
            if a.content_type in KEY_TYPES or a.name.lower().endswith((".asc", ".key", ".pgp"))
        ),
    ]
    learned: list[PublicKey] = []
    for armoured in pgp.keys_in(texts):
        address = mail.sender.lower()
        if address not in pgp.addresses(armoured):
            continue
        first = proven and not PublicKey.objects.filter(address=address, state=PublicKey.State.USED).exists()
        key, created = PublicKey.objects.get_or_create(
            address=address,
            fingerprint=pgp.fingerprint(armoured),
            defaults={"armoured": armoured, "state": PublicKey.State.USED if first else PublicKey.State.WAITING},
        )
        if not created and first and key.state == PublicKey.State.WAITING:  # the same key, and now the sender is proven
            choose(key, PublicKey.State.USED)
            key.state, created = PublicKey.State.USED, True
        if created:
            learned.append(key)
    return learned


def enter(text: str) -> list[PublicKey]:
    """Keys that somebody at the desk pasted, who has seen to it that they are the customer's: used from now on, in place of
    the ones before. Raises BadKey where there is none, or none with a mail address."""
    found = []
    for armoured in pgp.keys_in([text]):
        for address in pgp.addresses(armoured):
            key, _new = PublicKey.objects.get_or_create(
                address=address, fingerprint=pgp.fingerprint(armoured), defaults={"armoured": armoured, "source": PublicKey.Source.HAND}
            )
            choose(key, PublicKey.State.USED)
            found.append(key)
    if not found:
        raise pgp.BadKey("none")
    return found


def was_encrypted(message: Message) -> bool:
    """Did this message come in a mail that only we could open?"""
    return "encrypted" in str((message.data.get("mail") or {}).get("pgp", ""))


def goes_out_readable(conversation: Conversation, address: str) -> bool:
    """Did the customer write encrypted, while we have no key in use for ``address``, so that the answer is plain?"""
    last = conversation.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-seq").first()
    return last is not None and was_encrypted(last) and not keys_of(address, used=True)


def choose(key: PublicKey, state: PublicKey.State) -> None:
    """Write to this key from now on, and no longer to the one before; or to this one no longer."""
    with write_turn(), transaction.atomic():
        if state == PublicKey.State.USED:
            PublicKey.objects.filter(address=key.address, state=PublicKey.State.USED).update(state=PublicKey.State.RETIRED)
        PublicKey.objects.filter(pk=key.pk).update(state=state)


def directory_name(local: str) -> str:
    """The file name of an address in a Web Key Directory: Z-Base-32 of the SHA-1 of its lower-case local part."""
    digest = sha1(local.lower().encode(), usedforsecurity=False).digest()
    return base64.b32encode(digest).decode().translate(_ZBASE32)


def published(name: str) -> bytes | None:
    """The public key of the mailbox with this name in the Web Key Directory; None where there is none."""
    for mailbox in Mailbox.objects.filter(active=True).exclude(pgp_fingerprint=""):
        if any(directory_name(address.partition("@")[0]) == name for address in mailbox.addresses):
            return pgp.public_bytes(mailbox.secret("pgp_key"))
    return None


def our_keys() -> list[tuple[str, str, str]]:
    """(address, fingerprint, public key in armour) of every mailbox that has one, for the official page."""
    found = []
    for mailbox in Mailbox.objects.filter(active=True).exclude(pgp_fingerprint=""):
        try:
            found.append((mailbox.address, mailbox.pgp_fingerprint, pgp.public_key(mailbox.secret("pgp_key"))))
        except pgp.BadKey:  # the secret key of the installation has changed
            continue
    return found
