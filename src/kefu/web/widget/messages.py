"""Saying something in the chat, and reading what was missed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.fragments import context as entry_context
from kefu.web.widget.page import entries
from kefu.web.widget.talk import mine
from kefu.web.widget.window import say, typed


@require_http_methods(["GET", "POST"])
@for_visitors
def messages(request: VisitorRequest) -> HttpResponse:
    """POST: say something, or press a button. GET: the entries after ``after``, for windows without a stream."""
    return _say(request) if request.method == "POST" else _missed(request)


def _say(request: VisitorRequest) -> HttpResponse:
    form = dict(request.POST.lists())
    reply = say(request.visitor, form)
    if request.headers.get("X-Requested-With"):
        return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=reply.headers)
    if reply.status == 200:
        return redirect("chat")
    # What is wrong, and what was typed.
    page = {"reason": reply.body, "typed": typed(form), "audience": "chat"}
    return render(request, "widget/refused.html", page, status=reply.status)


def _missed(request: VisitorRequest) -> HttpResponse:
    talk = mine(request.visitor, request.GET.get("talk", ""))
    after = request.GET.get("after", "0")
    seq = int(after) if after.isdecimal() and len(after) < 10 else 0
    language = get_language() or ""
    found = [entry_context(m, language) for m in entries(talk) if m.seq > seq]
    return render(request, "widget/entries.html", {"entries": found})
