"""Ticking what is to be done for a case, adding to it, taking away from it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.checklist import add, remove, tick
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.to_do import listed


@require_POST
@for_agents("desk.answer")
def checklist(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``tick``, ``untick`` or ``remove``: the key of one item. From the dialog ``done`` are all that are to be ticked of those that
    were ``shown``, of which ``was`` were ticked before. ``add``: words of a new one, which must be done with ``required=1``."""
    talk = visible(request.agent, uid)
    problem, status = "", 200
    try:
        _change(request, talk)
    except KeyError:
        problem, status = _("This item is not there any more; the list is shown as it is now."), 409
    except NotAllowed:
        problem, status = _("Only whoever added an item, or a supervisor, removes it."), 403
    except Conflict as error:
        full = error.current == "full"
        problem, status = _("The list is full.") if full else _("It is closed: its checklist stays as it is."), 409
    if request.headers.get("HX-Target") == "to-do":
        talk.refresh_from_db()
        context = {"talk": talk, "checklist_problem": problem, **listed(talk, request.agent)}
        return render(request, "desk/checklist.html", context, status=status)
    return again(request, uid, problem, status)


def _change(request: AgentRequest, talk: Conversation) -> None:
    given, by = request.POST, request.agent
    shown, was, wanted = (set(given.getlist(name)) for name in ("shown", "was", "done"))
    done, undone = wanted & (shown - was), was & (shown - wanted)
    if one := given.get("tick", ""):
        done.add(one)
    if one := given.get("untick", ""):
        undone.add(one)
    if done or undone:
        tick(talk, done=sorted(done), undone=sorted(undone), by=by)
    if one := given.get("remove", ""):
        remove(talk, one, by=by)
    if given.get("add", "").strip():
        add(talk, given["add"], required=given.get("required") == "1", by=by)
