"""Saying something in the chat, and reading what was missed."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.channels.webchat.adapter import parse
from kefu.conversations.errors import NotAllowed, TooLong
from kefu.conversations.receive import receive
from kefu.system import rate
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.fragments import context as entry_context
from kefu.web.widget.fragments import shown
from kefu.web.widget.page import entries
from kefu.web.widget.talk import mine


@require_http_methods(["GET", "POST"])
@for_visitors
def messages(request: VisitorRequest) -> HttpResponse:
    """POST: say something, or press a button. GET: the entries after ``after``, for windows without a stream."""
    return _say(request) if request.method == "POST" else _missed(request)


def _say(request: VisitorRequest) -> HttpResponse:
    text = request.POST.get("text", "").strip()
    choice = request.POST.get("choice", "")[:120]
    files = tuple(filter(None, request.POST.getlist("file")))[:10]
    if choice and not text:
        text = request.POST.get(f"label-{choice}", "") or request.POST.get("label", "") or choice
    if not text and not files:
        return _refuse(request, _("Write a message first, or attach a file."), text)
    if rate.exceeded("chat", request.visitor.sender.address, limit=30, seconds=60):
        return _refuse(request, _("That was a lot at once. Wait a moment, then send it again; nothing is lost."), text, 429)
    try:
        received = receive(
            parse(
                request.visitor.sender,
                text=text,
                key=request.POST.get("key", "")[:64] or uuid4().hex,
                thread=request.POST.get("talk", ""),
                language=get_language() or "",
                topic=request.POST.get("topic", ""),
                choice=choice,
                files=files,
            )
        )
    except TooLong as error:
        limit = {"limit": f"{error.limit:,}"}
        return _refuse(
            request, _("Your message is longer than %(limit)s characters. Shorten it, or attach it as a text file.") % limit, text
        )
    except NotAllowed:
        return _refuse(request, _("One of the files is not there any more. Attach it again."), text)
    if not request.headers.get("X-Requested-With"):
        return redirect("chat")
    response = HttpResponse(shown(received.message, get_language() or ""))
    response["X-Talk"] = received.conversation.uid.hex
    response["X-Seq"] = str(received.message.seq)
    return response


def _refuse(request: VisitorRequest, message: str, text: str, status: int = 422) -> HttpResponse:
    """Say what is wrong, and give back what was typed."""
    if request.headers.get("X-Requested-With"):
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    return render(request, "widget/refused.html", {"reason": message, "typed": text, "audience": "chat"}, status=status)


def _missed(request: VisitorRequest) -> HttpResponse:
    talk = mine(request.visitor, request.GET.get("talk", ""))
    after = request.GET.get("after", "0")
    seq = int(after) if after.isdecimal() and len(after) < 10 else 0
    language = get_language() or ""
    found = [entry_context(m, language) for m in entries(talk) if m.seq > seq]
    return render(request, "widget/entries.html", {"entries": found})
