"""The stream of one open conversation."""

from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.system import live
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents


@require_safe
@for_agents("desk.read")
def watch(request: AgentRequest, uid: UUID) -> JsonResponse:
    """A ticket for the conversation as staff see it, notes included."""
    talk = visible(request.agent, uid)
    after = request.GET.get("after", "")
    seq = int(after) if after.isdecimal() and len(after) < 10 else talk.last_seq
    found = live.Watch(talk.channel_name, f"agent:{get_language() or 'en'}", seq)
    return JsonResponse({"url": f"/live/stream?ticket={live.grant([found], who=f'a{request.agent.pk}')}"})
