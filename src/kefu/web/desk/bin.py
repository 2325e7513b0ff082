"""Spam and trash: out of the lists, and back again; a sender who is blocked."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.bin import block, restore, throw_away
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.web.desk.acts import again, problem
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents


@require_POST
@for_agents("desk.answer")
def bin(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``do``: spam, trash, block (spam from this sender from now on), or restore."""
    talk, do = visible(request.agent, uid), request.POST.get("do", "")
    try:
        if do in {"spam", "trash"}:
            throw_away(talk, do, by=request.agent)
        elif do == "block":
            block(talk, by=request.agent)
        elif do == "restore":
            restore(talk, by=request.agent)
        else:
            return problem(_("Choose what to do with it."))
    except Conflict:
        return again(request, uid, _("Nothing changed: a colleague was faster."), 409)
    except NotAllowed:
        return again(request, uid, _("This sender has an account at the exchange: a supervisor blocks and lets in again."), 403)
    return again(request, uid)
