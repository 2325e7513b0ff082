"""A code beside each human answer that only its addressee sees twice: in the mail, and on the ticket's own page."""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from kefu.conversations.models import Message

LENGTH = 5  # bytes: eight letters and digits


def code_of(message: Message) -> str:
    """Such as ``K7QF-2M9A``. Whoever forges a mail in our name cannot know it, for it needs our secret key."""
    key = sha256(b"kefu.message" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.new(key, f"{message.conversation_id}:{message.pk}".encode(), sha256).digest()
    code = base64.b32encode(digest[:LENGTH]).decode()
    return f"{code[:4]}-{code[4:]}"
