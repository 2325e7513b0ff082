"""What an agent does with a conversation: each is a small resource below it."""

from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.automation.macros import macros_of
from kefu.automation.macros import sent as macro_sent
from kefu.conversations.assign import take, transfer
from kefu.conversations.errors import Conflict, NotAllowed, Refused, TooLong
from kefu.conversations.escalate import escalate
from kefu.conversations.files import BadUpload, upload
from kefu.conversations.models import Conversation, Message
from kefu.conversations.note import note as add_note
from kefu.conversations.read import read_by_agent
from kefu.conversations.reply import reply as send_reply
from kefu.conversations.resolve import move_to, reopen, solve
from kefu.people.models import Agent, Team
from kefu.system import live
from kefu.web.desk.find import visible
from kefu.web.desk.fragments import shown
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.thread import details


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
def replies(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Answer the customer, or (``mode=note``) write a note for colleagues."""
    talk = visible(request.agent, uid)
    text = request.POST.get("text", "").strip()
    key = request.POST.get("key", "")[:64] or uuid4().hex
    files = tuple(filter(None, request.POST.getlist("file")))[:10]
    if not text and not files:
        return _problem(_("Write something first."))
    try:
        if request.POST.get("mode") == "note":
            message = add_note(talk, text, agent=request.agent, client_key=key)
        else:
            message = send_reply(talk, text, agent=request.agent, client_key=key, files=files)
    except Refused as error:
        return _problem(
            _(
                "Not sent: this asks the customer for a secret (“%(words)s”). We never do; say what you need it for, and ask for something else."
            )
            % {"words": error.detail}
        )
    except TooLong as error:
        return _problem(_("Longer than %(limit)d characters. Shorten it.") % {"limit": error.limit})
    except Conflict:
        return _problem(_("This conversation is closed; reopen it first."), 409)
    except NotAllowed:
        return _problem(_("A file is not there any more, or you may not answer here."), 403)
    chosen = request.POST.get("macro", "")
    wanted = chosen if chosen.isdecimal() and len(chosen) < 10 and request.POST.get("mode") != "note" else None
    if wanted and (macro := macros_of(request.agent).filter(pk=wanted).first()):
        macro_sent(macro, talk, agent=request.agent)
    return _said(request, uid, message)


def _said(request: AgentRequest, uid: UUID, message: Message) -> HttpResponse:
    if not request.headers.get("X-Requested-With"):
        return redirect("desk-conversation", uid)
    response = HttpResponse(shown(message, get_language() or "en"))
    response["X-Seq"] = str(message.seq)
    return response


@require_POST
@for_agents("desk.answer")
def status(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Solve, reopen, or say whose turn it is."""
    talk, wanted = visible(request.agent, uid), request.POST.get("status", "")
    try:
        if wanted == "solved":
            solve(talk, by=request.agent)
        elif wanted == "reopened":
            reopen(talk, by=request.agent)
        elif wanted in {"open", "pending", "on_hold"}:
            move_to(talk, wanted, by=request.agent)
        else:
            return _problem(_("There is no such status."))
    except Conflict as error:
        return again(request, uid, _("Nothing changed: it is “%(state)s” already.") % {"state": error.current}, 409)
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
        response = redirect("desk")
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)  # type: ignore[assignment]
            response["HX-Redirect"] = "/desk/"
        return response
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def escalation(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Pass it up the ladder, with the reason for whoever takes over."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return again(request, uid, _("Say why: whoever takes over reads it first."), 422)
    try:
        escalate(visible(request.agent, uid), reason=reason, by=request.agent)
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
    talk, seq = visible(request.agent, uid), request.POST.get("seq", "")
    if seq.isdecimal() and len(seq) < 10 and talk.assignee_id == request.agent.pk:
        read_by_agent(talk, int(seq))
    return HttpResponse(status=204)


@require_POST
@for_agents("desk.answer")
def files(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Take one file; the reply that is sent next shows it."""
    file = request.FILES.get("file")
    if file is None:
        return _problem(_("Choose a file first."))
    try:
        stored = upload(visible(request.agent, uid), file, by_customer=False)
    except BadUpload as error:
        reasons = {
            "too_large": _("The file is too large."),
            "empty": _("The file is empty."),
            "type": _("Files of this kind are not taken."),
            "content": _("The content does not fit the file's ending."),
            "image": _("This image cannot be read."),
        }
        return _problem(reasons[error.reason], 413 if error.reason == "too_large" else 422)
    return JsonResponse({"uid": stored.uid.hex, "name": stored.name, "size": stored.size})


def _problem(message: str, status: int = 422) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")


def again(request: AgentRequest, uid: UUID, notice: str = "", status: int = 200) -> HttpResponse:
    """The conversation as it is now, with what went wrong."""
    if not request.headers.get("HX-Request"):
        if notice:
            return render(request, "desk/notice.html", {"notice": notice, "uid": uid}, status=status)
        return redirect("desk-conversation", uid)
    context = details(request, visible(request.agent, uid)) | {"notice": notice}
    return render(request, "desk/thread.html", context, status=200 if notice else status)
