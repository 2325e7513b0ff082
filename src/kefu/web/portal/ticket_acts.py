"""What a customer does with a ticket: add to it, confirm, reopen, climb the ladder, close, judge."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.channels.email.transcripts import order_transcript
from kefu.channels.form.adapter import parse
from kefu.conversations.errors import Conflict, NotAllowed, TooLong
from kefu.conversations.escalate import escalate
from kefu.conversations.files import BadUpload, upload
from kefu.conversations.links import status_address
from kefu.conversations.receive import receive
from kefu.conversations.refused_files import why_refused
from kefu.conversations.resolve import close, reopen, solve
from kefu.surveys.rate import rate as rate_conversation
from kefu.system import rate
from kefu.web.portal.access import TicketRequest, for_holders
from kefu.web.portal.ticket import show
from kefu.web.transcripts import masked, respond, transcript_problem

MOST_FILES = 10


@require_POST
@for_holders
def replies(request: TicketRequest) -> HttpResponse:
    """Add words and files. An error shows the page with everything that was typed."""
    ticket, text = request.ticket, request.POST.get("text", "").strip()
    files = request.FILES.getlist("file")[:MOST_FILES]
    if not text and not files:
        return show(request, problem=_("Write a message first, or attach a file."))
    if rate.exceeded("ticket-reply", ticket.uid.hex, limit=20, seconds=300):
        return show(request, problem=_("That was a lot at once. Wait a moment, then send it again; nothing is lost."), typed=text)
    sender = ticket.customer.identities.order_by("pk").first()
    if sender is None:
        return show(request, problem=_("This conversation has no address to answer for. Begin a new one."), typed=text)
    uploader = f"ticket:{ticket.uid.hex}"
    try:
        stored = tuple(upload(None, file, by_customer=True, uploader=uploader).uid.hex for file in files)
        received = receive(
            parse(
                sender.kind,
                sender.address,
                topic=ticket.topic.slug if ticket.topic else "",
                text=text,
                key=request.POST.get("key", "")[:64] or uuid4().hex,
                fields={},
                language=get_language() or "en",
                thread=ticket.uid.hex,
                by_link=True,
                files=stored,
                uploader=uploader,
            )
        )
    except BadUpload as error:
        return show(request, problem=why_refused(error), typed=text)
    except TooLong as error:
        return show(request, problem=_("Longer than %(limit)d characters. Shorten it.") % {"limit": error.limit}, typed=text)
    except NotAllowed:
        return show(request, problem=_("One of the files is not there any more. Attach it again."), typed=text)
    if received.conversation.pk != ticket.pk:
        messages.info(request, _("That ticket was closed, so this is a new one: %(number)s.") % {"number": received.conversation.number})
    return redirect(status_address(received.conversation))


@require_POST
@for_holders
def status(request: TicketRequest) -> HttpResponse:
    """``status``: solved, reopened or closed. Doing it twice is no error."""
    wanted = request.POST.get("status", "")
    try:
        if wanted == "solved":
            solve(request.ticket)
        elif wanted == "reopened":
            reopen(request.ticket)
        elif wanted == "closed":
            close(request.ticket)
        else:
            return show(request, problem=_("There is no such status."))
    except Conflict:
        messages.info(request, _("Nothing changed: somebody did this already."))
    return redirect(status_address(request.ticket))


@require_POST
@for_holders
def escalation(request: TicketRequest) -> HttpResponse:
    """The next rung of the ladder, with the reason in the customer's words."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return show(request, problem=_("Say in a sentence what is not solved: whoever takes over reads it first."))
    try:
        escalate(request.ticket, reason=reason)
    except Conflict:
        return show(request, problem=_("There is no higher rung, or the ticket is closed."), typed_reason=reason)
    messages.success(request, _("Passed on. Somebody else looks at it from here."))
    return redirect(status_address(request.ticket))


@require_POST
@for_holders
def rating(request: TicketRequest) -> HttpResponse:
    """The judgement, from 1 to 5; with ``solved`` it also ends the ticket."""
    score = request.POST.get("score", "")
    comment = request.POST.get("comment", "")
    try:
        rate_conversation(
            request.ticket,
            score=int(score) if score.isdecimal() and len(score) == 1 else 0,
            reason=request.POST.get("reason", ""),
            comment=comment,
        )
    except ValueError:
        return show(request, problem=_("Choose from 1 to 5 first."), typed_comment=comment)
    except Conflict:
        return show(request, problem=_("Nobody has answered yet; you can rate it afterwards."), typed_comment=comment)
    messages.success(request, _("Thank you. Your rating is kept with this ticket."))
    return redirect(status_address(request.ticket))


@require_safe
@for_holders
def transcript(request: TicketRequest, form: str) -> HttpResponse:
    """The whole conversation to keep: html, pdf or json."""
    return respond(request, request.ticket, form)


@require_POST
@for_holders
def transcript_mail(request: TicketRequest) -> HttpResponse:
    """The transcript to the mailbox that gets this ticket's answers."""
    try:
        address = order_transcript(request.ticket)
    except Conflict as error:
        return show(request, problem=transcript_problem(error))
    messages.success(request, _("The transcript is on its way to %(address)s.") % {"address": masked(address)})
    return redirect(status_address(request.ticket))
