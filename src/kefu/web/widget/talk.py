"""The talk that a visitor's window shows."""

from uuid import UUID

from django.http import Http404

from kefu.conversations.models import Conversation
from kefu.web.visitor import Visitor

Stage = Conversation.Stage


def current(visitor: Visitor) -> Conversation | None:
    """The visitor's latest web chat that is not closed; a solved one is shown until a new one begins."""
    customer = visitor.customer()
    if customer is None:
        return None
    talks = customer.conversations.filter(channel="webchat").exclude(status=Conversation.Status.CLOSED)
    return talks.select_related("assignee", "team", "topic").order_by("-created").first()


def mine(visitor: Visitor, uid: str) -> Conversation:
    """The gate of the chat window: a conversation of this visitor, or 404."""
    customer = visitor.customer()
    try:
        wanted = UUID(uid)
    except ValueError:
        raise Http404 from None
    found = None
    if customer is not None:
        rows = customer.conversations.select_related("assignee", "team", "topic", "customer")
        found = rows.filter(uid=wanted).first()
    if found is None:
        raise Http404
    return found
