"""The supervisor's board: how it stands now, from the rows themselves."""

from collections import Counter
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.conversations.models import IS_OPEN, Conversation, Event, EventKind, Message
from kefu.people.models import Agent, Team
from kefu.routing.present import ABSENT_AFTER
from kefu.topics.models import Topic
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

Stage = Conversation.Stage


@require_safe
@for_agents("board.read")
def board(request: AgentRequest) -> HttpResponse:
    figures = state(get_language() or "en")
    if request.headers.get("HX-Target") == "board":
        return render(request, "desk/board_figures.html", figures)
    return render(request, "desk/board.html", shell(request) | figures)


def state(language: str) -> dict[str, Any]:
    """Every figure of the board; the number of queries does not depend on how much there is."""
    at = now()
    today = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    # What is open is counted from the open ones, what happened today from today's: never from a year of rows.
    rows = Conversation.objects.filter(IS_OPEN).aggregate(
        waiting=Count("pk", filter=Q(stage=Stage.QUEUED)),
        oldest=Min("queued_at", filter=Q(stage=Stage.QUEUED)),
        served=Count("pk", filter=Q(stage=Stage.LIVE)),
        with_bot=Count("pk", filter=Q(stage=Stage.BOT)),
        unanswered=Count("pk", filter=Q(waiting_since__isnull=False)),
    )
    rows["solved"] = Conversation.objects.filter(solved_at__gte=today).count()
    rows["opened"] = Conversation.objects.filter(created__gte=today).count()
    kinds = (EventKind.HANDOFF_REQUESTED, EventKind.SECRET_REMOVED)
    told = Event.objects.filter(kind__in=kinds, created__gte=today).order_by().values_list("kind").annotate(n=Count("pk"))
    events = Counter(dict(told))
    hour = at - timedelta(hours=1)
    lately = Message.objects.filter(conversation__last_message_at__gte=hour, created__gte=hour, kind__in=["agent", "bot"])
    spoken = dict(lately.order_by().values_list("kind").annotate(n=Count("pk")))
    firsts = [
        (first - queued).total_seconds()
        for first, queued in Conversation.objects.filter(first_replied_at__gte=today, queued_at__isnull=False)
        .annotate(start=F("queued_at"))
        .values_list("first_replied_at", "start")[:2000]
        if first > queued
    ]
    return {
        "figures": rows,
        "longest": (at - rows["oldest"]).total_seconds() if rows["oldest"] else None,
        "median_first": median(firsts) if firsts else None,
        "handed_over": events[EventKind.HANDOFF_REQUESTED],
        "secrets": events[EventKind.SECRET_REMOVED],
        "agent_messages": spoken.get("agent", 0),
        "bot_messages": spoken.get("bot", 0),
        "agents": agents(language),
        "by_team": by(Team, "team", language),
        "by_topic": by(Topic, "topic", language),
        "at": at,
    }


def agents(language: str) -> list[dict[str, Any]]:
    """Who is at work, with load and capacity; a browser not heard of for minutes counts as gone."""
    talks = Conversation.objects.filter(IS_OPEN, stage=Stage.LIVE, assignee__isnull=False)
    loads = dict(talks.order_by().values_list("assignee").annotate(n=Count("pk")))
    rows = Agent.objects.filter(active=True).exclude(role__in=["editor", "auditor"])
    found = []
    for agent in rows.order_by("badge"):
        here = bool(agent.seen_at and agent.seen_at >= now() - ABSENT_AFTER)
        presence = agent.presence if here else Agent.Presence.OFFLINE
        found.append(
            {
                "name": agent.label(language),
                "badge": agent.badge,
                "presence": {"online": "on", "away": "away"}.get(presence, "off"),
                "words": Agent.Presence(presence).label,
                "load": loads.get(agent.pk, 0),
                "capacity": agent.capacity,
                "since": agent.presence_since,
            }
        )
    return sorted(found, key=lambda a: (a["presence"] != "on", a["presence"] != "away", a["badge"]))


def by(model: Any, field: str, language: str) -> list[tuple[str, int, int]]:
    """Waiting and unanswered per team or topic, the fullest first."""
    rows = (
        Conversation.objects.filter(IS_OPEN)
        .order_by()
        .values_list(field)
        .annotate(waiting=Count("pk", filter=Q(stage=Stage.QUEUED)), unanswered=Count("pk", filter=Q(waiting_since__isnull=False)))
    )
    objects = model.objects.all()
    names = {o.pk: o.label(language) for o in (objects.prefetch_related("translations") if field == "topic" else objects)}
    found = [(names.get(pk, "–"), waiting, unanswered) for pk, waiting, unanswered in rows if waiting or unanswered]
    return sorted(found, key=lambda row: (-row[1], -row[2]))[:10]
