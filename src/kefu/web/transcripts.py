"""A conversation to keep: as a page, as PDF, as JSON."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.conversations.errors import Conflict
from kefu.conversations.models import Conversation
from kefu.conversations.transcript import transcript
from kefu.conversations.transcript_pdf import as_pdf
from kefu.web.ui.messages import message_html


def respond(request: HttpRequest, conversation: Conversation, form: str) -> HttpResponse:
    """A transcript in the wanted form (html, pdf, json); the caller has checked who may read it."""
    found = transcript(conversation, language=get_language() or "en")
    if form == "json":
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
    elif form == "pdf":
        response = HttpResponse(as_pdf(found), content_type="application/pdf")
    elif form == "html":
        lines = [(line, message_html(line.body)) for line in found.lines]
        return render(request, "ui/transcript.html", {"transcript": found, "lines": lines})
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    return response


def masked(address: str) -> str:
    """A mail address that its owner recognises and a bystander does not: li***@mail.example."""
    name, at, domain = address.partition("@")
    return f"{name[:2]}***{at}{domain}" if at else address[:3] + "***"


def transcript_problem(error: Conflict) -> str:
    """Why no transcript is sent, and what to do."""
    if error.current == "address":
        return _("We know no mailbox of yours for this conversation. Read it as a page or keep the PDF.")
    return _("It was sent a moment ago. Look into your mailbox, also into spam.")
