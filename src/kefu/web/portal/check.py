"""POST /tickets/check/: what the exchange knows of a transfer, while the form is still being filled in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from kefu.exchange.cards import cards
from kefu.exchange.choose import uid_of
from kefu.exchange.port import Unavailable
from kefu.system import rate
from kefu.web.cards import shown
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of


@require_POST
@for_visitors
def check(request: VisitorRequest) -> HttpResponse:
    """A card for the txid that was typed. Empty for anything else, and for who asks too often."""
    typed = request.POST.get("f_txid", "")[:300]
    if not typed or rate.exceeded("check", uploader_of(request.visitor), limit=30, seconds=60):
        return HttpResponse("")
    customer = request.visitor.customer()
    try:
        uid = uid_of(customer) if customer else ""
    except Unavailable:
        uid = ""
    return render(request, "ui/cards.html", {"cards": [shown(card) for card in cards(typed, uid=uid)], "in_form": True})
