"""Who is at work, and how full their hands are."""

from typing import Any

from django.db.models import Count
from django.utils.timezone import now

from kefu.conversations.models import IS_OPEN, Conversation
from kefu.people.models import Agent
from kefu.routing.present import ABSENT_AFTER
from kefu.web.desk import labels

SHOWN = 12
MOST_MARKS = 8  # squares of load; a larger capacity is written only


def staff(language: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The first who are here, the fullest first, and in all: here, all, load and capacity.

    A browser that was not heard of for minutes counts as gone.
    """
    live = Conversation.objects.filter(IS_OPEN, stage=Conversation.Stage.LIVE, assignee__isnull=False)
    loads = dict(live.order_by().values_list("assignee").annotate(n=Count("pk")))
    found = []
    for agent in Agent.objects.filter(active=True).exclude(role__in=["editor", "auditor"]):
        here = bool(agent.seen_at and agent.seen_at >= now() - ABSENT_AFTER)
        presence = agent.presence if here else Agent.Presence.OFFLINE
        load = loads.get(agent.pk, 0)
        found.append(
            {
                "name": agent.label(language),
                "badge": agent.badge,
                "presence": {"online": "on", "away": "away"}.get(presence, "off"),
                "words": Agent.Presence(presence).label,
                "languages": " · ".join(labels.language(code) for code in agent.languages[:3]),
                "load": load,
                "capacity": agent.capacity,
                "marks": [n < load for n in range(min(max(agent.capacity, load), MOST_MARKS))],
                "since": agent.presence_since,
            }
        )
    here_now = [one for one in found if one["presence"] != "off" or one["load"]]
    here_now.sort(key=lambda one: (one["presence"] != "on", -one["load"] / max(one["capacity"], 1), one["badge"]))
    online = [one for one in found if one["presence"] == "on"]
    in_all = {
        "here": len(online),
        "all": len(found),
        "load": sum(one["load"] for one in online),
        "capacity": sum(one["capacity"] for one in online),
    }
    return here_now[:SHOWN], in_all
