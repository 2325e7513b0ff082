"""Signing a colleague out: a lost laptop, a phone in other hands, somebody who leaves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kefu.people.models import Agent, SignIn
from kefu.people.permissions import may
from kefu.people.sessions import end, sessions_of
from kefu.people.sign_ins import note
from kefu.system.audit.log import write as audit
from kefu.web.desk.gate import AgentRequest, for_agents


def may_end(agent: Agent, whose: Agent) -> bool:
    """Leaders sign colleagues out; an administrator only another one. One's own are ended on the page of one's account."""
    ranks = whose.role != Agent.Role.ADMINISTRATOR or agent.role == Agent.Role.ADMINISTRATOR
    return may(agent, "sessions.end") and ranks and agent.pk != whose.pk


def open_sessions(whose: Agent) -> list[Any]:
    """Where a colleague is signed in, the one used last first."""
    return sessions_of(whose.user)


@require_POST
@for_agents("sessions.end")
def ending(request: AgentRequest, pk: int) -> HttpResponse:
    """``session``: the id of one; without it all of them."""
    found = get_object_or_404(Agent.objects.select_related("user"), pk=pk)
    if not may_end(request.agent, found):
        raise PermissionDenied
    wanted = request.POST.get("session", "")
    count = end(found.user, only=int(wanted[:15])) if wanted.isdecimal() else end(found.user)
    if count:
        note(SignIn.Kind.ENDED, request, found.user, by=str(request.agent))
        audit(str(request.agent), "agent.sessions_ended", f"agent:{found.badge}", sessions=count)
    messages.success(request, ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", count) % {"n": count})
    return redirect("desk-agent", pk)
