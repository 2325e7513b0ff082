"""/desk/<uid>/cards/: how what the customer wrote about stands now; the look is recorded with its reason."""

from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kefu.conversations.models import Conversation
from kefu.web.cards import cards_of
from kefu.web.desk.account import REASONS, CannotShow, looked, place
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents

ONE_LOOK = 900  # seconds that a panel which stays open and refreshes itself is one look


@require_POST
@for_agents("desk.answer")
def cards(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The cards, which look again by themselves while they are on the screen."""
    talk, reason = visible(request.agent, uid), request.POST.get("reason", "")
    reason = reason if reason in REASONS else "case"
    try:
        account = place(talk)[1]
    except CannotShow as why:
        return render(request, "desk/cards.html", {"talk": talk, "problem": str(why), "cards": cards_of(talk, uid=""), "reason": reason})
    if cache.add(f"look:{request.agent.pk}:{talk.pk}:{reason}", True, timeout=ONE_LOOK):
        looked(request.agent, talk, reason)
    context = {"talk": talk, "reason": reason, "cards": cards_of(talk, uid=account), "in_desk": True}
    if talk.stage == Conversation.Stage.NONE and not talk.is_over:
        context["sleep_url"] = reverse("desk-sleeping", args=[talk.uid])
    return render(request, "desk/cards.html", context)
