"""On a ticket's page: how what it mentions stands now, being told when that changes, and proving the account by the app."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.links import status_address
from kefu.conversations.prove import account_of
from kefu.exchange.port import Unavailable
from kefu.system import rate
from kefu.web.cards import cards_of
from kefu.web.portal.access import TicketRequest, for_holders
from kefu.web.portal.ticket import show
from kefu.web.proofs import check_state, try_address, try_code, try_document, wait_for, wait_no_more


@require_safe
@for_holders
def cards(request: TicketRequest) -> HttpResponse:
    """The cards, as they stand now: fetched again while the page is looked at."""
    ticket = request.ticket
    if rate.exceeded("ticket-cards", ticket.uid.hex, limit=40, seconds=600):
        return HttpResponse(status=204)
    try:
        uid = account_of(ticket)
    except Unavailable:
        uid = ""
    context = {"cards": cards_of(ticket, uid=uid), "watch_url": f"{status_address(ticket)}watch/"}
    return render(request, "ui/cards.html", context)


@require_POST
@for_holders
def watch(request: TicketRequest) -> HttpResponse:
    """Be told when it changes (``subject``); or no more (``stop``)."""
    ticket = request.ticket
    if request.POST.get("stop"):
        wait_no_more(ticket)
        messages.info(request, _("We wait no longer. A person looks at it."))
    elif problem := wait_for(ticket, kind=request.POST.get("kind", "transfer"), subject=request.POST.get("subject", "")):
        messages.warning(request, problem)
    else:
        messages.success(request, _("We watch it for you, and tell you here and by mail as soon as it changes."))
    return redirect(status_address(ticket))


@require_POST
@for_holders
def proof(request: TicketRequest) -> HttpResponse:
    """One try of the code that the app shows; or, by ``by``, of a signature, or a look at the check of document and face."""
    by, uid = request.POST.get("by", "code"), request.POST.get("uid", "")[:32]
    typed = {"typed_uid": uid, "typed_address": request.POST.get("address", "")[:120]}
    if by == "document":
        check, problem = try_document(request.ticket)
        if check is not None and check.state != "passed":
            return show(request, check_state=check_state(check), check_url=_safe(check.url) if check.state == "open" else "")
    elif by == "address":
        problem = try_address(request.ticket, address=typed["typed_address"], signature=request.POST.get("signature", "")[:2000])
    else:
        problem = try_code(request.ticket, code=request.POST.get("code", "")[:40], uid=uid)
    if problem:
        return show(request, proof_problem=problem, proof_by=by, **typed)
    messages.success(request, _("Thank you. Your account is proven in this ticket for a day."))
    return redirect(status_address(request.ticket))


def _safe(url: str) -> str:
    """The exchange's page, where its address is one that may be followed."""
    return url if url.startswith("https://") else ""
