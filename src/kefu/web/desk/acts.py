"""What an agent does with a conversation: each is a small resource below it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.assign import take, transfer
from kefu.conversations.checklist import Item, Unfinished, must_be_done
from kefu.conversations.errors import Conflict
from kefu.conversations.escalate import escalate
from kefu.conversations.files import BadUpload, upload
from kefu.conversations.later import send_waiting
from kefu.conversations.models import Conversation
from kefu.conversations.read import read_by_agent
from kefu.conversations.refused_files import why_refused
from kefu.conversations.resolve import move_to, reopen, solve
from kefu.people.models import Agent, Team
from kefu.system import live
from kefu.web.desk import labels
from kefu.web.desk.find import readable, visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.thread import details
from kefu.web.desk.to_do import to_tick


@require_POST
@for_agents("desk.answer")
def assignment(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Take a conversation."""
    try:
        take(visible(request.agent, uid), agent=request.agent)
    except Conflict as error:
        return again(request, uid, _("%(who)s was faster: this conversation is theirs.") % {"who": error.current}, 409)
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def status(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Solve, reopen, or say whose turn it is."""
    talk, wanted = visible(request.agent, uid), request.POST.get("status", "")
    try:
        if wanted == "solved":
            past = request.POST.get("past", "")
            must_be_done(talk, by=request.agent, past=past)  # before what waits goes out: it could not be taken back any more
            send_waiting(talk, agent=request.agent)
            solve(talk, by=request.agent, past=past)
        elif wanted == "reopened":
            reopen(talk, by=request.agent)
        elif wanted in {"open", "pending", "on_hold"}:
            move_to(talk, wanted, by=request.agent)
        else:
            return problem(_("There is no such status."))
    except Unfinished as error:
        return again(request, uid, _("Not solved yet: the checklist is unfinished."), 409, unfinished=error.items)
    except Conflict as error:
        return again(request, uid, _("Nothing changed: it is “%(state)s” already.") % {"state": labels.status(error.current)}, 409)
    return again(request, uid)


@require_POST
@for_agents("desk.assign")
def transfers(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Pass it to a colleague (``to=agent:7``) or a team (``to=team:3``), with a note."""
    talk = visible(request.agent, uid)
    kind, _sep, pk = request.POST.get("to", "").partition(":")
    to = Agent.objects.filter(pk=pk, active=True).first() if kind == "agent" and pk.isdecimal() else None
    team = Team.objects.filter(pk=pk).first() if kind == "team" and pk.isdecimal() else None
    if to is None and team is None:
        return again(request, uid, _("Choose a colleague or a team."), 422)
    try:
        transfer(talk, by=request.agent, to=to, team=team, note=request.POST.get("note", "").strip()[:4000])
    except Conflict as error:
        return again(request, uid, _("Nothing changed: it is “%(state)s” already.") % {"state": error.current}, 409)
    if not Conversation.objects.visible_to(request.agent).filter(pk=talk.pk).exists():  # type: ignore[attr-defined]
        return go_on(request, "desk")
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def escalation(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Pass it up the ladder, with the reason for whoever takes over."""
    talk, reason = visible(request.agent, uid), request.POST.get("reason", "").strip()
    if not reason:
        return again(request, uid, _("Say why: whoever takes over reads it first."), 422)
    try:
        escalate(talk, reason=reason, by=request.agent)
    except Conflict:
        return again(request, uid, _("There is no higher rung, or it is closed."), 409)
    if Conversation.objects.visible_to(request.agent).filter(uid=uid).exists():  # type: ignore[attr-defined]
        return again(request, uid)
    return redirect("desk")


@require_POST
@for_agents("desk.answer")
def typing(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The agent is typing: told to the customer, not stored."""
    live.whisper(visible(request.agent, uid).channel_name, "typing", {"by": "agent", "who": request.agent.pk})
    return HttpResponse(status=204)


@require_POST
@for_agents("desk.read")
def read(request: AgentRequest, uid: UUID) -> HttpResponse:
    """How far it was read. Only whoever has the conversation counts as "read" for the customer."""
    talk, seq = readable(request.agent, uid)[0], request.POST.get("seq", "")
    if seq.isdecimal() and len(seq) < 10 and talk.assignee_id == request.agent.pk:
        read_by_agent(talk, int(seq))
    return HttpResponse(status=204)


@require_POST
@for_agents("desk.answer")
def files(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Take one file; the reply that is sent next shows it."""
    talk, file = visible(request.agent, uid), request.FILES.get("file")
    if file is None:
        return problem(_("Choose a file first."))
    try:
        stored = upload(talk, file, by_customer=False)
    except BadUpload as error:
        return problem(why_refused(error), 413 if error.reason == "too_large" else 422)
    return JsonResponse({"uid": stored.uid.hex, "name": stored.name, "size": stored.size})


def problem(message: str, status: int = 422) -> HttpResponse:
    """What went wrong, as plain words."""
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")


def go_on(request: AgentRequest, name: str, *args: object) -> HttpResponse:
    """On to another page, also where a part of this one was asked for."""
    if not request.headers.get("HX-Request"):
        return redirect(name, *args)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(name, args=args)
    return response


def again(request: AgentRequest, uid: UUID, notice: str = "", status: int = 200, *, unfinished: Sequence[Item] = ()) -> HttpResponse:
    """The conversation as it is now, with what went wrong; ``unfinished``: what must be ticked first."""
    missing = to_tick(unfinished, request.agent, uid)
    if not request.headers.get("HX-Request"):
        if notice:
            return render(request, "desk/notice.html", {"notice": notice, "uid": uid} | missing, status=status)
        return redirect("desk-conversation", uid)
    found, guest = readable(request.agent, uid)
    context = details(request, found, guest=guest) | {"notice": notice} | missing
    return render(request, "desk/thread.html", context, status=200 if notice else status)
