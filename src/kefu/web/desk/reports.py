"""Reports: how much came, how fast it was answered, how satisfied people were; drilled down to the conversations."""

import csv
from datetime import UTC, date, timedelta

from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.conversations.models import IS_OPEN, Conversation
from kefu.people.models import Agent, Team
from kefu.reports.figures import DIMENSIONS, Line, by, total
from kefu.topics.models import Topic
from kefu.web.desk import labels
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

SPANS = (1, 7, 30, 90, 365)


@require_safe
@for_agents("reports.read")
def reports(request: AgentRequest) -> HttpResponse:
    """The page; ``days`` how far back, ``by`` the dimension."""
    days, dimension = chosen(request)
    end = now().astimezone(UTC).date()
    start = end - timedelta(days=days - 1)
    language = get_language() or "en"
    lines = [(line, name_of(dimension, line), drill(dimension, line, days)) for line in by(dimension, start, end, language=language)]
    before = total(start - timedelta(days=days), start - timedelta(days=1))
    backlog = Conversation.objects.filter(IS_OPEN).aggregate(n=Count("pk"), oldest=Min("waiting_since"))
    context = {
        "days": days,
        "spans": SPANS,
        "dimension": dimension,
        "dimensions": [(name, dimension_name(name)) for name in DIMENSIONS],
        "total": total(start, end),
        "before": before,
        "lines": lines,
        "backlog": backlog,
        "most": max([line.sums["opened"] for line, _name, _url in lines], default=0),
    }
    return render(request, "desk/reports.html", shell(request) | context)


@require_safe
@for_agents("reports.read")
def export(request: AgentRequest) -> HttpResponse:
    """The same lines as CSV, with raw sums."""
    days, dimension = chosen(request)
    end = now().astimezone(UTC).date()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kefu-{dimension}-{days}d-{end:%Y%m%d}.csv"'
    response.write("\ufeff")  # spreadsheets then read it as UTF-8
    writer = csv.writer(response)
    lines = by(dimension, end - timedelta(days=days - 1), end, language=get_language() or "en")
    names = list(total(end, end).sums)
    writer.writerow([dimension, *names])
    for line in lines:
        writer.writerow([safe(name_of(dimension, line)), *(line.sums[name] for name in names)])
    return response


def chosen(request: AgentRequest) -> tuple[int, str]:
    """Days and dimension that were asked for; the usual ones instead of nonsense."""
    days, dimension = request.GET.get("days", ""), request.GET.get("by", "")
    known = int(days) if days.isdecimal() and len(days) < 4 and int(days) in SPANS else 7
    return known, dimension if dimension in DIMENSIONS else "day"


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and len(cell) > 1 else cell


def dimension_name(name: str) -> str:
    return {
        "day": _("Day"), "channel": _("Channel"), "language": _("Language"), "topic": _("Topic"), "team": _("Team"), "agent": _("Agent"),
    }[name]  # fmt: skip


def name_of(dimension: str, line: Line) -> str:
    """A line's label; codes in words."""
    if dimension == "channel":
        return labels.channel(line.key)
    return labels.language(line.key) if dimension == "language" else line.label if line.key not in {"0", ""} else "—"


def drill(dimension: str, line: Line, days: int) -> str:
    """The condition that shows the conversations behind a line; empty where there is none for it."""
    if dimension == "day":
        age = (now().astimezone(UTC).date() - date.fromisoformat(line.key)).days
        return f"created<{age + 1}d" + (f" created>{age}d" if age else "")
    value = {
        "topic": lambda: Topic.objects.filter(pk=line.key).values_list("slug", flat=True).first(),
        "team": lambda: Team.objects.filter(pk=line.key).values_list("slug", flat=True).first(),
        "agent": lambda: Agent.objects.filter(pk=line.key).values_list("badge", flat=True).first(),
    }.get(dimension, lambda: line.key)()
    name = {"agent": "assignee"}.get(dimension, dimension)
    return f"{name}:{value} created<{days}d" if value else ""
