"""Quality: which conversations to look at, the score card, and how it stands."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.errors import NotAllowed
from kefu.people.models import Agent
from kefu.surveys.models import Review
from kefu.surveys.review import averages, review, sample
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.score_card import criterion

SHOWN = 30


@require_safe
@for_agents("reviews.read")
def reviews(request: AgentRequest) -> HttpResponse:
    """Leaders see everybody's; an agent one's own, with what was said about it."""
    leads = request.agent.role != Agent.Role.AGENT
    rows = Review.objects.select_related("conversation", "agent", "reviewer").order_by("-created")
    language = get_language() or "en"
    shown = rows if leads else rows.filter(agent=request.agent)
    context = {
        "leads": leads,
        "rows": [
            (one, one.agent.label(language), [(criterion(name), value) for name, value in one.scores.items()]) for one in shown[:SHOWN]
        ],
        "averages": averages() if leads else [],
        "sample": sample(by=request.agent) if leads else [],
    }
    return render(request, "desk/reviews.html", shell(request) | context)


@require_POST
@for_agents("reviews.write")
def reviewing(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Keep a score card."""
    try:
        review(visible(request.agent, uid), scores=request.POST.dict(), comment=request.POST.get("comment", ""), by=request.agent)
    except ValueError:
        return again(request, uid, _("Give at least one score from 1 to 5."), 422)
    except LookupError:
        return again(request, uid, _("No agent has answered here yet."), 409)
    except NotAllowed:
        return again(request, uid, _("Nobody reviews their own work."), 403)
    return again(request, uid)
