"""At work, away, gone: what routing goes by."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from kefu.people.models import Agent
from kefu.people.sessions import holder
from kefu.routing.positions import changed
from kefu.system import live
from kefu.web.desk.gate import AgentRequest, for_agents


@require_POST
@for_agents("desk.answer")
def presence(request: AgentRequest) -> HttpResponse:
    """Change the presence or the automatic taking of talks."""
    agent = request.agent
    agent.seen_at = now()
    agent.save(update_fields=["seen_at"])
    if (wanted := request.POST.get("presence")) in Agent.Presence.values:
        agent.turn(wanted)
    if "automatic" in request.POST:
        agent.takes_automatically = request.POST["automatic"] == "1"
        agent.save(update_fields=["takes_automatically"])
    changed()
    return redirect(request.headers.get("Referer") or "desk")


@require_POST
@for_agents("desk.read")
def heartbeat(request: AgentRequest) -> HttpResponse:
    """The agent's browser is still there."""
    Agent.objects.filter(pk=request.agent.pk).update(seen_at=now())
    return HttpResponse(status=204)


@require_safe
@for_agents("desk.read")
def ticket(request: AgentRequest) -> JsonResponse:
    """The address of the stream for lists and counts."""
    watches = [live.Watch("desk"), live.Watch(f"a/{request.agent.pk}")]
    return JsonResponse({"url": f"/live/stream?ticket={live.grant(watches, who=holder(request.session.session_key or ''))}"})
