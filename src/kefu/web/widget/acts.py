"""What a customer does besides talking: ask for a person, leave the queue, leave a message, end, begin anew."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.channels.webchat.adapter import parse
from kefu.conversations.errors import Conflict
from kefu.conversations.leave import leave_message, leave_queue
from kefu.conversations.receive import receive
from kefu.conversations.resolve import solve
from kefu.system import live
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget import window
from kefu.web.widget.page import page_context
from kefu.web.widget.talk import mine


@require_POST
@for_visitors
def person(request: VisitorRequest) -> HttpResponse:
    """Ask for a person; this is said in the talk like any other word, so that it is on record."""
    receive(
        parse(
            request.visitor.sender,
            text=_("Talk to a person"),
            key=request.POST.get("key", "")[:64] or uuid4().hex,
            thread=request.POST.get("talk", ""),
            language=get_language() or "",
            topic=request.POST.get("topic", ""),
            choice="human",
        )
    )
    return panel_again(request)


@require_POST
@for_visitors
def left_queue(request: VisitorRequest) -> HttpResponse:
    """Do not wait any more."""
    try:
        leave_queue(mine(request.visitor, request.POST.get("talk", "")))
    except Conflict:
        return panel_again(request, _("A colleague has just joined; you are not waiting any more."))
    return panel_again(request)


@require_POST
@for_visitors
def left_message(request: VisitorRequest) -> HttpResponse:
    """Be answered later, by mail too."""
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        problem = _("This does not look like a mail address, such as name@example.com.")
        return panel_again(request, problem, 422, typed_email=email[:254])
    try:
        leave_message(mine(request.visitor, request.POST.get("talk", "")), email=email)
    except Conflict:
        return panel_again(request, _("A colleague has just joined; you are not waiting any more."))
    return panel_again(request)


@require_POST
@for_visitors
def ended(request: VisitorRequest) -> HttpResponse:
    """The customer says that it is solved."""
    try:
        solve(mine(request.visitor, request.POST.get("talk", "")))
    except Conflict:
        pass  # it was solved meanwhile: the same result
    return panel_again(request)


@require_POST
@for_visitors
def read(request: VisitorRequest) -> HttpResponse:
    """How far the customer has read."""
    return HttpResponse(status=window.read(request.visitor, dict(request.POST.lists())).status)


@require_POST
@for_visitors
def typing(request: VisitorRequest) -> HttpResponse:
    """The customer is typing."""
    return HttpResponse(status=window.typing(request.visitor, dict(request.POST.lists())).status)


@for_visitors
def ticket(request: HttpRequest) -> JsonResponse:
    """The address of the live stream of one's own talk, good for a minute to connect."""
    talk = mine(request.visitor, request.GET.get("talk", ""))  # type: ignore[attr-defined]
    language = get_language() or "en"
    after = request.GET.get("after", "")
    seq = int(after) if after.isdecimal() and len(after) < 10 else talk.last_seq
    watch = live.Watch(talk.channel_name, f"customer:{language}", seq)
    return JsonResponse({"url": f"/live/stream?ticket={live.grant([watch], who=f'v{talk.customer_id}')}"})


def panel_again(request: VisitorRequest, notice: str = "", status: int = 200, **typed: str) -> HttpResponse:
    """The window as it is now, with what went wrong and what was typed; the whole page for browsers without script."""
    by_script = bool(request.headers.get("X-Requested-With"))
    if not by_script and not notice:
        return redirect("chat")
    context = page_context(request, embedded="embed" in request.POST) | {"notice": notice} | typed
    return render(request, "widget/panel.html" if by_script else "widget/page.html", context, status=status)
