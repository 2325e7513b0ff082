"""Saved views: a search that is worth keeping."""

import time

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.automation.models import View
from kefu.conversations.matching import condition
from kefu.conversations.models import Conversation
from kefu.people.models import Agent, Team
from kefu.people.permissions import may
from kefu.system.prepared import count
from kefu.text.conditions import BadCondition, parse
from kefu.web.desk.counts import MOST as MOST_COUNTED
from kefu.web.desk.counts import written
from kefu.web.desk.gate import AgentRequest, for_agents

MOST = 20
COST_SHARE = 100  # a count is made at most 1 % of the time
LONGEST_KEPT = 300  # seconds


@require_POST
@for_agents("desk.read")
def views(request: AgentRequest) -> HttpResponse:
    """Keep a search under a name. ``shared``: empty for oneself, ``all`` or ``team:3`` if the role may share."""
    name, conditions = request.POST.get("name", "").strip()[:60], request.POST.get("q", "").strip()[:500]
    try:
        parse(conditions)
    except BadCondition:
        conditions = ""
    if not name or not conditions:
        return HttpResponse(_("A view needs a name and a condition."), status=422, content_type="text/plain; charset=utf-8")
    kind, _sep, pk = request.POST.get("shared", "").partition(":")
    shared = kind in {"all", "team"} and may(request.agent, "views.share")
    team = Team.objects.filter(pk=pk).first() if shared and kind == "team" and pk.isdecimal() and len(pk) < 10 else None
    if shared and kind == "team" and team is None:
        return HttpResponse(_("There is no such team."), status=422, content_type="text/plain; charset=utf-8")
    View.objects.update_or_create(name=name, owner=None if shared else request.agent, team=team, defaults={"conditions": conditions})
    return redirect(f"{reverse('desk')}?{urlencode({'q': conditions})}")


@require_POST
@for_agents("desk.read")
def removal(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget a view: one's own, or a shared one if the role may share."""
    allowed = Q(owner=request.agent) | (Q(owner=None) if may(request.agent, "views.share") else Q(pk__in=[]))
    get_object_or_404(View.objects.filter(allowed), pk=pk).delete()
    return redirect("desk")


def seen_by(agent: Agent) -> "QuerySet[View]":
    """One's own views, those of one's teams and everybody's; leaders see those of all teams, for they change them."""
    teams = Q() if may(agent, "views.share") else Q(team=None) | Q(team__in=agent.team_ids())
    return View.objects.filter(Q(owner=agent) | (Q(owner=None) & teams))


def sharing(language: str) -> list[tuple[str, str]]:
    """With whom a view can be shared."""
    return [("all", _("Everybody")), *((f"team:{team.pk}", team.label(language)) for team in Team.objects.order_by("slug"))]


def entries(agent: Agent, current: str) -> list[dict[str, object]]:
    """The saved views for the rail, with live counts from one query."""
    kept = list(seen_by(agent)[:MOST])
    meanings = {}
    for view in kept:
        try:
            meanings[f"v{view.pk}"] = condition(parse(view.conditions), agent=agent)
        except BadCondition:
            continue
    visible = Conversation.objects.visible_to(agent) if meanings else None  # type: ignore[attr-defined]
    numbers = {key: _cached_count(visible, f"{agent.pk}:{key}", meaning) for key, meaning in meanings.items()}
    return [
        {
            "label": view.name,
            "url": f"{reverse('desk')}?{urlencode({'q': view.conditions})}",
            "icon": "star" if view.owner_id else "users",
            "count": written(numbers.get(f"v{view.pk}")),
            "late": False,
            "current": current == view.conditions,
        }
        for view in kept
    ]


def _cached_count(visible: "QuerySet[Conversation]", key: str, meaning: Q) -> int:
    """The count, kept the longer the more it costs: a condition that no index serves must not slow every page down."""
    place = f"desk-count:{key}"
    known = cache.get(place)
    if known is not None:
        return int(known)
    began = time.perf_counter()
    number = count({key: visible.filter(meaning).distinct()}, most=MOST_COUNTED + 1)[key]
    cost = time.perf_counter() - began
    cache.set(place, number, timeout=min(LONGEST_KEPT, int(cost * COST_SHARE)) or 1)
    return number
