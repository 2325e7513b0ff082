"""Colleagues who were let into a conversation: who they are, letting one in, taking one out, leaving."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.collaborate import let_in, let_out
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.people.models import Agent
from kefu.web.desk.acts import again, go_on
from kefu.web.desk.find import readable, visible
from kefu.web.desk.gate import AgentRequest, for_agents


@require_POST
@for_agents("desk.answer")
def collaborators(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``agent``: whom to let in; with ``out=1`` whom to take out again."""
    talk, pk = visible(request.agent, uid), request.POST.get("agent", "")
    wanted = Agent.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None
    if wanted is None:
        return again(request, uid, _("Choose a colleague."), 422)
    try:
        if request.POST.get("out") == "1":
            let_out(talk, wanted, by=request.agent)
        else:
            let_in(talk, wanted, by=request.agent)
    except Conflict as error:
        gone = _("Nothing changed: a colleague was faster.")
        return again(request, uid, gone if error.current == "gone" else _("It is over: nobody can be let in."), 409)
    except NotAllowed:
        return again(request, uid, _("This colleague’s role sees no conversations."), 422)
    return again(request, uid)


@require_POST
@for_agents("desk.read")
def leaving(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Leave a conversation into which one was let."""
    talk, guest = readable(request.agent, uid)
    try:
        let_out(talk, request.agent, by=request.agent)
    except Conflict:
        return again(request, uid, _("You were not let in here: you see it anyway."), 409)
    return go_on(request, "desk") if guest else again(request, uid)
