"""The talk to keep: as a page, as PDF, as JSON."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.channels.email.transcripts import order_transcript
from kefu.conversations.errors import Conflict
from kefu.web.transcripts import masked, respond, transcript_problem
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.talk import mine


@require_safe
@for_visitors
def transcript_of_talk(request: VisitorRequest, form: str) -> HttpResponse:
    """The visitor's own talk as html, pdf or json."""
    return respond(request, mine(request.visitor, request.GET.get("talk", "")), form)


@require_POST
@for_visitors
def transcript_mail(request: VisitorRequest) -> HttpResponse:
    """The transcript to the visitor's mailbox, if we know one."""
    try:
        address = order_transcript(mine(request.visitor, request.POST.get("talk", "")))
    except Conflict as error:
        return HttpResponse(transcript_problem(error), status=409, content_type="text/plain; charset=utf-8")
    words = _("The transcript is on its way to %(address)s.") % {"address": masked(address)}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
