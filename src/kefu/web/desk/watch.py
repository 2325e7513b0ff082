"""The stream of one open conversation."""

from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.people.sessions import holder
from kefu.system import live
from kefu.web.desk.find import readable
from kefu.web.desk.gate import AgentRequest, for_agents


@require_safe
@for_agents("desk.read")
def watch(request: AgentRequest, uid: UUID) -> JsonResponse:
    """A ticket for the conversation as staff see it, notes included."""
    talk, guest = readable(request.agent, uid)
    after = request.GET.get("after", "")
    seq = int(after) if after.isdecimal() and len(after) < 10 else talk.last_seq
    language = get_language() or "en"
    # Who was let in may be taken out while the stream is open: theirs is asked about at each entry.
    variant = f"guest:{language}:{request.agent.pk}" if guest else f"agent:{language}"
    found = live.Watch(talk.channel_name, variant, seq)
    return JsonResponse({"url": f"/live/stream?ticket={live.grant([found], who=holder(request.session.session_key or ''))}"})
