"""The signed link to a conversation's status page: whoever has it was given it by us."""

from django.core import signing
from django.urls import reverse

from kefu.conversations.models import Conversation

SALT = "kefu.status"
LIFE = 90 * 24 * 3600


def status_address(conversation: Conversation) -> str:
    """The path of the status page, in the active language; works for 90 days."""
    token = signing.TimestampSigner(salt=SALT).sign(conversation.uid.hex).split(":", 1)[1]
    return reverse("conversation", args=[conversation.number, token])


def holds(conversation: Conversation, token: str) -> bool:
    """Whether ``token`` was made for this conversation and has not expired."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(f"{conversation.uid.hex}:{token}", max_age=LIFE)
    except signing.BadSignature:
        return False
    return True
