"""An answer that did not arrive, or not yet: the page on which an agent chooses another way for it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.channels.delivery import hurry
from kefu.conversations.another_way import leave_in_portal, other_addresses, send_again, send_to
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.links import status_address
from kefu.conversations.models import Delivery
from kefu.text.markup import plain
from kefu.web.desk.delivery_words import said, why
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell


@require_http_methods(["GET", "POST"])
@for_agents("desk.answer")
def another_way(request: AgentRequest, uid: UUID, pk: int) -> HttpResponse:
    """``way``: an address of the customer, "again", or "portal"."""
    talk = visible(request.agent, uid)
    delivery = Delivery.objects.select_related("message__conversation__customer").filter(pk=pk, message__conversation=talk).first()
    if delivery is None:
        raise Http404
    problem, status = "", 200
    if request.method == "POST":
        try:
            _take(delivery, request.POST.get("way", ""), request)
        except NotAllowed:
            problem, status = _("Choose one of the ways."), 422
        except Conflict:
            problem, status = _("This has been settled meanwhile; look at the conversation."), 409
        else:
            return redirect("desk-conversation", uid)
    context = {
        "talk": talk,
        "delivery": delivery,
        "words": plain(delivery.message.body),
        "addresses": other_addresses(delivery),
        "is_open": delivery.wants_another_way,
        "waits": delivery.state == Delivery.State.DUE,
        "why": why(delivery.error),
        "said": said(delivery.error),
        "ticket": status_address(talk),
        "problem": problem,
    }
    return render(request, "desk/another_way.html", shell(request) | context, status=status)


def _take(delivery: Delivery, way: str, request: AgentRequest) -> None:
    if way == "again":
        hurry(delivery)
        send_again(delivery, by=request.agent)
    elif way == "portal":
        leave_in_portal(delivery, by=request.agent)
    else:
        send_to(delivery, way, by=request.agent)
