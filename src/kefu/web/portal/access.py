"""The gate to one conversation of a customer: its signed link, held by whoever we gave it to."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kefu.conversations.links import holds
from kefu.conversations.models import Conversation
from kefu.text import numbering
from kefu.web.ui.again import expired


class TicketRequest(HttpRequest):
    """A request that passed ``for_holders``. For type checkers."""

    ticket: Conversation
    token: str


def for_holders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Puts ``request.ticket`` there. A wrong, foreign or expired link gets the same answer as an unknown number."""

    @wraps(view)
    def wrapper(request: TicketRequest, number: str, token: str, **more: str) -> HttpResponse:
        rows = Conversation.objects.filter(number=numbering.read(number))
        found = rows.select_related("assignee", "team", "topic", "customer", "rating", "incident").first()
        if found is None or not holds(found, token):
            return expired(request) if request.method == "POST" else render(request, "portal/expired.html", status=404)
        request.ticket, request.token = found, token
        return view(request, **more)

    return wrapper
