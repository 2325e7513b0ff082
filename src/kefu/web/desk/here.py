"""Who else looks at a conversation, and who writes in it: kept for a minute, told to the others at once."""

from uuid import UUID

from django.core.cache import cache
from django.http import JsonResponse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from kefu.conversations.models import Conversation
from kefu.system import live
from kefu.web.desk.find import readable
from kefu.web.desk.gate import AgentRequest, for_agents

KEPT = 60  # seconds without a sign: the browser gives one every twenty
WHAT = {"viewing", "writing", "gone"}


@require_POST
@for_agents("desk.read")
def here(request: AgentRequest, uid: UUID) -> JsonResponse:
    """``what``: viewing, writing or gone. Answers with the others who are here."""
    talk, agent = readable(request.agent, uid)[0], request.agent
    what = request.POST.get("what", "")
    what = what if what in WHAT else "viewing"
    people = present(talk)
    before = people.get(agent.pk, ("", 0, ""))[0]
    if what == "gone":
        people.pop(agent.pk, None)
    else:
        people[agent.pk] = (what, now().timestamp(), agent.label(get_language() or "en"))
    cache.set(f"desk-here:{talk.pk}", people, timeout=KEPT)
    if before != what:
        name = {"zh": agent.alias, "en": agent.alias_en or agent.alias}
        live.whisper("desk", "here", {"talk": talk.uid.hex, "who": agent.pk, "what": what, "name": name})
    rows = [{"who": pk, "what": was, "name": label} for pk, (was, _at, label) in people.items() if pk != agent.pk]
    return JsonResponse({"others": rows})


def present(talk: Conversation) -> dict[int, tuple[str, float, str]]:
    """By agent: what, since when, and the name; without those who gave no sign for a minute."""
    known = cache.get(f"desk-here:{talk.pk}") or {}
    since = now().timestamp() - KEPT
    return {pk: row for pk, row in known.items() if row[1] > since}
