"""The talk to keep: as a page, as PDF, as JSON."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kefu.web.transcripts import respond
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.talk import mine


@require_safe
@for_visitors
def transcript_of_talk(request: VisitorRequest, form: str) -> HttpResponse:
    """The visitor's own talk as html, pdf or json."""
    return respond(request, mine(request.visitor, request.GET.get("talk", "")), form)
