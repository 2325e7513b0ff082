"""A mail behind a message: all of it, as it came."""

from uuid import UUID

from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from kefu.channels.email.keep import raw_of
from kefu.channels.email.models import SeenMail
from kefu.channels.email.whole import whole
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

FRAME = {
    "default-src": ["'none'"],
    "img-src": ["data:"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@for_agents("desk.read")
def mail(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Header fields, the whole text with what it quotes, the HTML in a frame that can do nothing."""
    seen = _seen(request, uid)
    found = whole(seen)
    return render(
        request, "desk/mail.html", shell(request) | {"seen": seen, "whole": found, "talk": seen.conversation}, status=200 if found else 410
    )


@require_safe
@csp(FRAME)
@xframe_options_sameorigin
@for_agents("desk.read")
def mail_html(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The mail's HTML alone, for the frame."""
    found = whole(_seen(request, uid))
    if found is None:
        raise Http404
    return render(request, "desk/mail_frame.html", {"html": found.html})


@require_safe
@for_agents("desk.read")
def mail_raw(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The raw copy as a file; who took it is noted."""
    seen = _seen(request, uid)
    raw = raw_of(seen)
    if raw is None:
        raise Http404
    audit(str(request.agent), "mail.downloaded", f"mail:{seen.uid.hex}")
    response = HttpResponse(raw, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{seen.uid.hex[:12]}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _seen(request: AgentRequest, uid: UUID) -> SeenMail:
    """The row, for whoever may see its conversation; one without a conversation is for administrators."""
    found = SeenMail.objects.select_related("conversation", "mailbox").filter(uid=uid).first()
    if found is None:
        raise Http404
    if found.conversation is not None:
        visible(request.agent, found.conversation.uid)
    elif not may(request.agent, "settings.write"):
        raise Http404
    return found
