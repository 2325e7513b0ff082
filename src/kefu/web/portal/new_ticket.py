"""Reporting a problem: choose what it is about, tell it, be given a number."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.channels.form.adapter import parse
from kefu.conversations.errors import NotAllowed, TooLong
from kefu.conversations.files import BadUpload, upload
from kefu.conversations.links import status_address
from kefu.conversations.models import Attachment
from kefu.conversations.receive import receive
from kefu.conversations.refused_files import why_refused
from kefu.exchange.cards import card
from kefu.exchange.choose import uid_of
from kefu.exchange.port import Deposit, Unavailable, Withdrawal
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity
from kefu.routing.promise import promise_for
from kefu.sla.answer_by import answer_by
from kefu.system import rate
from kefu.topics.models import Topic, by_slug
from kefu.web import mailbox_code
from kefu.web.cards import waits
from kefu.web.portal.access import TicketRequest, for_holders
from kefu.web.portal.networks import choices, named
from kefu.web.portal.suggest import similar_open
from kefu.web.portal.ticket_form import URGENCIES, TicketForm
from kefu.web.proofs import wait_for
from kefu.web.transcripts import masked
from kefu.web.typed_fields import PREFIX
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of

MOST_FILES = 10


@require_safe
def choose(request: VisitorRequest) -> HttpResponse:
    """What is it about? What was searched for before comes along (``q``)."""
    language = get_language() or "en"
    rows = Topic.objects.select_related("parent").prefetch_related("translations")
    topics = [(t, t.label(language), t.about(language)) for t in rows if t.parent_id is None]
    return render(request, "portal/choose.html", {"topics": topics, "query": request.GET.get("q", "")[:200]})


@require_http_methods(["GET", "POST"])
@for_visitors
def new_ticket(request: VisitorRequest, topic: str) -> HttpResponse:
    """The form of one topic; what was typed is never lost to an error."""
    found = by_slug.first(topic)
    if found is None:
        raise Http404
    guest = not request.visitor.is_known
    given = {"topic": found, "language": get_language() or "en", "guest": guest}
    if request.method != "POST":
        form = TicketForm(initial=_known(request, found), **given)
        return _page(request, found, form, key=uuid4().hex, files=[])
    form = TicketForm(_with_story(request), **given)
    key = request.POST.get("key", "")[:64] or uuid4().hex
    files, refused = _taken(request)
    valid = form.is_valid()
    if refused:
        form.add_error(None, refused)
        valid = False
    if valid and guest and not mailbox_code.proves(form.cleaned_data["email"], form.cleaned_data["code"], who=_who(request)):
        form.add_error("code", _("This is not the code that we sent, or it is too old. Ask for a new one."))
        valid = False
    if valid and rate.exceeded("ticket", _who(request), limit=6, seconds=3600):
        form.add_error(None, _("You have sent many tickets in this hour. Add to one of them instead, or wait a little."))
        valid = False
    if valid:
        try:
            return _submit(request, found, form, key, files)
        except TooLong as error:
            form.add_error("text", _("Longer than %(limit)d characters. Shorten it.") % {"limit": error.limit})
        except NotAllowed:
            form.add_error(None, _("One of the files is not there any more. Attach it again."))
    return _page(request, found, form, key=key, files=files, status=422)


def _submit(request: VisitorRequest, topic: Topic, form: TicketForm, key: str, files: list[Attachment]) -> HttpResponse:
    data, sender = form.cleaned_data, request.visitor.sender
    kind, address = (sender.kind, sender.address) if request.visitor.is_known else (Identity.Kind.EMAIL, data["email"].lower())
    if not request.visitor.is_known:
        confirm(identify(kind, address), Identity.Proof.MAILBOX)
    received = receive(
        parse(
            kind,
            address,
            topic=topic.slug,
            text=data["text"],
            key=key,
            fields=form.typed_values,
            urgency=data["urgency"] if data["urgency"] in URGENCIES else "",
            language=get_language() or "en",
            files=tuple(file.uid.hex for file in files),
            uploader=_who(request),
        )
    )
    if not request.visitor.is_known:
        mailbox_code.used(address, who=_who(request))
    if (txid := request.POST.get("tell", "")) and (problem := wait_for(received.conversation, kind="transfer", subject=txid)):
        messages.warning(request, problem)
    return redirect(status_address(received.conversation) + "sent/")


def _with_story(request: VisitorRequest) -> QueryDict:
    """What was sent; whoever only wants to be told when a transfer changes need not write a story, nor what the account
    knows of that transfer."""
    data = request.POST.copy()
    if not (txid := data.get("tell", "")[:140]):
        return data
    known = {"text": _("Tell me when this transfer changes: %(txid)s") % {"txid": txid}}
    customer = request.visitor.customer()
    try:
        found = card(txid, uid=uid_of(customer)) if customer else None
    except Unavailable:
        found = None
    if found and isinstance(found.facts, (Deposit, Withdrawal)):
        facts = {"coin": found.facts.coin, "network": found.facts.network, "amount": f"{found.facts.amount.normalize():f}"}
        known |= {PREFIX + name: value for name, value in facts.items()}
    for name, value in known.items():
        if not data.get(name, "").strip():
            data[name] = value
    return data


@require_safe
@for_holders
def sent(request: TicketRequest) -> HttpResponse:
    """The number, what we promise, and what happens next."""
    ticket = request.ticket
    first = ticket.messages.filter(kind="customer").first()
    mail = ticket.customer.identities.filter(kind=Identity.Kind.EMAIL).first()
    context = {
        "ticket": ticket,
        "address": status_address(ticket),
        "promise": promise_for(ticket.topic),
        "answer_by": answer_by(ticket),
        "removed": first.data.get("removed", []) if first else [],
        "mail": masked(mail.address) if mail else "",
        "waits": waits(ticket),
        "team": ticket.team.label(get_language() or "en") if ticket.team else "",
    }
    return render(request, "portal/sent.html", context)


@require_POST
@for_visitors
def code(request: VisitorRequest) -> HttpResponse:
    """Send a code to a mailbox; answers with what happened, for the line below the button."""
    address = request.POST.get("email", "").strip().lower()
    problem = mailbox_code.send_code(address, who=_who(request))
    return render(request, "portal/code_sent.html", {"problem": problem, "address": address})


def _page(request: VisitorRequest, topic: Topic, form: TicketForm, *, key: str, files: list[Attachment], status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    prefetch_related_objects([topic], "translations")
    context: dict[str, Any] = {
        "topic": topic,
        "name": topic.label(language),
        "about": topic.about(language),
        "form": form,
        "key": key,
        "files": files,
        "guest": not request.visitor.is_known,
        "reply_to": "" if not request.visitor.is_known else masked(request.visitor.sender.address),
        "check_url": reverse("ticket-check"),
        "networks_url": reverse("ticket-networks", args=[topic.slug]),
        "suggest_url": reverse("ticket-suggestions", args=[topic.slug]),
        **_networks(topic, form),
        "similar": similar_open(request.visitor.customer(), topic),
        "visitor": request.visitor,
    }
    return render(request, "portal/new_ticket.html", context, status=status)


def _networks(topic: Topic, form: TicketForm) -> dict[str, Any]:
    """What the boxes for coin and network offer; nothing for a topic that asks neither."""
    names = named(topic)
    given = {kind: str(form[name].value() or "") for kind, name in names.items()}
    return {"choices": choices(given.get("coin", ""), given.get("network", "")), "asks_network": True} if names else {}


def _known(request: VisitorRequest, topic: Topic) -> dict[str, str]:
    """What the form can fill in by itself: the words of a search, the account's own number."""
    known = {"text": request.GET.get("q", "")[:1000], "urgency": "normal"}
    customer = request.visitor.customer()
    for field in topic.own_fields:
        if customer and customer.exchange_uid and field["type"] == "uid":
            known[f"f_{field['name']}"] = customer.exchange_uid
    return known


def _taken(request: VisitorRequest) -> tuple[list[Attachment], str]:
    """All files of the form, and why one was not taken. Those sent with the form itself come from browsers without script."""
    known, refused = _uploaded(request), ""
    for file in request.FILES.getlist("upload")[: MOST_FILES - len(known)]:
        try:
            known.append(upload(None, file, by_customer=True, uploader=_who(request)))
        except BadUpload as error:
            refused = f"{file.name}: {why_refused(error)}"
    return known, refused


def _uploaded(request: VisitorRequest) -> list[Attachment]:
    """The files that this browser uploaded for the form, in the order given."""
    wanted = [uid for uid in request.POST.getlist("file") if len(uid) == 32 and uid.isalnum()][:MOST_FILES]
    if not wanted:
        return []
    rows = Attachment.objects.filter(uid__in=wanted, uploader=_who(request), message__isnull=True)
    return sorted(rows, key=lambda file: wanted.index(file.uid.hex))


def _who(request: VisitorRequest) -> str:
    return uploader_of(request.visitor)
