"""The names by which mails of one conversation know each other: our Message-IDs and the signed reply address."""

import base64
import hmac
import re
from hashlib import sha256
from uuid import UUID

from django.conf import settings

_OURS = re.compile(r"<([0-9a-f]{32})\.(talk|kefu)@([\w.\-]{1,200})>", re.I)
LENGTH = 10  # bytes of the signature: 80 bits, which nobody guesses over a mail server


def root_id(uid: UUID) -> str:
    """The Message-ID that every mail of a conversation refers to; no mail has it itself."""
    return f"<{uid.hex}.talk@{settings.BRAND_DOMAIN}>"


def message_id(key: UUID) -> str:
    """The Message-ID of one delivery: the same over all attempts, so that a mail server can drop the second."""
    return f"<{key.hex}.kefu@{settings.BRAND_DOMAIN}>"


def read_id(text: str) -> tuple[str, UUID] | None:
    """What one of our Message-IDs stands for: ("talk", a conversation's uid) or ("kefu", a delivery's key)."""
    found = _OURS.fullmatch(text.strip())
    if not found or found[3].lower() != settings.BRAND_DOMAIN.lower():
        return None
    return found[2].lower(), UUID(hex=found[1])


def reply_address(uid: UUID, address: str) -> str:
    """``address`` with the conversation's signed token: support+<token>@…; what is sent there belongs to it."""
    name, _, domain = address.rpartition("@")
    return f"{name}+{token(uid)}@{domain}"


def token(uid: UUID) -> str:
    """The conversation's id with its signature, in lower-case letters and digits (mail servers may change the case)."""
    return base64.b32encode(uid.bytes + _signature(uid)).decode().rstrip("=").lower()


def read_token(text: str) -> UUID | None:
    """The conversation of a token that we made; None for one that is forged, shortened or changed."""
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return None
    if len(raw) != 16 + LENGTH:
        return None
    uid = UUID(bytes=raw[:16])
    # The whole text is compared: the last letter of Base32 has bits that decoding does not look at.
    return uid if hmac.compare_digest(text.lower(), token(uid)) else None


def _signature(uid: UUID) -> bytes:
    key = sha256(b"kefu.mail" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, uid.bytes, sha256).digest()[:LENGTH]
