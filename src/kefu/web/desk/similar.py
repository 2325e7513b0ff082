"""Conversations like the open one that were solved, with what solved each."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.conversations.similar import similar as find_similar
from kefu.surveys.models import Rating
from kefu.text import markup
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents


@require_safe
@for_agents("desk.read")
def similar(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The fragment that the panel asks for when it comes into sight."""
    talk = visible(request.agent, uid)
    found = find_similar(talk, seen_by=request.agent)
    scores = dict(Rating.objects.filter(conversation__in=[one.conversation.pk for one in found]).values_list("conversation", "score"))
    language = get_language() or "en"
    rows = [
        {
            "talk": one.conversation,
            "topic": one.conversation.topic.label(language) if one.conversation.topic else "",
            "words": markup.plain(one.answer.body),
            "language": one.answer.language or one.conversation.language,
            "score": scores.get(one.conversation.pk),
        }
        for one in found
    ]
    return render(request, "desk/similar.html", {"rows": rows})
