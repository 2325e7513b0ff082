"""“Tell me when it is over”: asked for on an incident's own page, by whoever proves to read a mailbox; and taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kefu.conversations.errors import Conflict
from kefu.conversations.links import status_address
from kefu.incidents.models import Incident
from kefu.incidents.subscribe import by_link, link_of, subscribe, subscribe_mailbox, subscription_of, unsubscribe
from kefu.people.models import Identity
from kefu.web import mailbox_code
from kefu.web.portal.access import TicketRequest, for_holders
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of


@require_http_methods(["GET", "POST"])
@for_visitors
def tell_me(request: VisitorRequest, slug: str) -> HttpResponse:
    """An open incident, and the form that asks to be told; whoever signed in by a mailbox need not prove it again."""
    found = Incident.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    language = get_language() or "en"
    sender = request.visitor.sender
    known = sender.address if sender.kind == Identity.Kind.EMAIL else ""
    problem, made, typed = "", None, request.POST.get("email", "")[:254]
    if request.method == "POST":
        address = known or typed.strip().lower()
        if not known and not mailbox_code.proves(address, request.POST.get("code", "")[:12], who=uploader_of(request.visitor)):
            problem = _("This is not the code that we sent, or it is too old. Ask for a new one.")
        else:
            try:
                made = subscribe_mailbox(found, address, language=language)
                mailbox_code.used(address, who=uploader_of(request.visitor))
            except Conflict:
                problem = _("It is over already: nothing is left to tell.")
    context = {
        "title": found.title(language),
        "summary": found.summary(language),
        "state": found.get_state_display(),
        "is_open": found.is_open,
        "known": known,
        "typed": typed,
        "problem": problem,
        "done": made is not None,
        "stop": reverse("incident-stop", args=[link_of(made)]) if made else "",
        "visitor": request.visitor,
    }
    return render(request, "portal/incident.html", context, status=422 if problem else 200)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the address holds a signature, and pressing it does no harm
@require_http_methods(["GET", "POST"])
def stop(request: VisitorRequest, link: str) -> HttpResponse:
    """Told no more. Looking alone (GET) changes nothing: programs that look at links in mails press them all."""
    found = by_link(link)
    if found is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(found)
        found.refresh_from_db()
    context = {"title": found.incident.title(get_language() or "en"), "stopped": found.ended_at is not None, "told": found.told_at}
    return render(request, "portal/incident_stop.html", context)


@require_POST
@for_holders
def in_ticket(request: TicketRequest) -> HttpResponse:
    """Whether this ticket's page and its mailbox are told when the ticket's incident is over: ``tell`` 1 or 0."""
    ticket = request.ticket
    if request.POST.get("tell") == "1" and ticket.incident:
        try:
            subscribe(ticket.incident, ticket)
        except Conflict:
            messages.info(request, _("It is over already: nothing is left to tell."))
    elif found := subscription_of(ticket):
        unsubscribe(found)
    return redirect(status_address(ticket))
