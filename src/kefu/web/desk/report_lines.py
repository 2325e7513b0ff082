"""A report's lines for people: what was asked for, names in words, the conversations behind a line, and the file of it."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, timedelta, tzinfo
from io import StringIO

from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from kefu.people.models import Agent, Team
from kefu.reports import hours
from kefu.reports.figures import DIMENSIONS, MOMENTS, Line, by, total
from kefu.reports.roll import NAMES
from kefu.topics.models import Topic
from kefu.web.desk import labels

SPANS = (1, 7, 30, 90, 365)
WEEK = "week"  # a file of its own: every hour of every weekday
MONDAY = date(2024, 1, 1)


def chosen(given: Mapping[str, str]) -> tuple[int, str]:
    """Days and dimension that were asked for; the usual ones instead of nonsense."""
    days, dimension = given.get("days", ""), given.get("by", "")
    known = int(days) if days.isdecimal() and len(days) < 4 and int(days) in SPANS else 7
    return known, dimension if dimension in DIMENSIONS else "day"


def span(days: int) -> tuple[date, date]:
    """The first and the last day of the last ``days`` days, today included."""
    end = now().astimezone(UTC).date()
    return end - timedelta(days=days - 1), end


def as_csv(days: int, dimension: str, language: str, zone: tzinfo | None = None) -> str:
    """The lines with raw sums; begins with the mark by which spreadsheets read it as UTF-8. Hours are on the clocks of ``zone``."""
    start, end = span(days)
    file = StringIO()
    writer = csv.writer(file)
    if dimension == WEEK:
        writer.writerow(["weekday", "hour", *NAMES])
        for number, of_day in enumerate(hours.week(start, end, zone)):
            for hour, sums in enumerate(of_day):
                writer.writerow([weekday(number), f"{hour:02d}:00", *(sums[name] for name in NAMES)])
        return "\ufeff" + file.getvalue()
    names = list(total(end, end).sums)
    writer.writerow([dimension, *names])
    for line in by(dimension, start, end, language=language, zone=zone):
        writer.writerow([safe(name_of(dimension, line)), *(line.sums[name] for name in names)])
    return "\ufeff" + file.getvalue()


def file_name(days: int, dimension: str) -> str:
    return f"kefu-{dimension}-{days}d-{span(days)[1]:%Y%m%d}.csv"


def weekday(number: int) -> str:
    """The short name of a weekday; 0 is Monday."""
    return date_format(MONDAY + timedelta(days=number), "D")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and len(cell) > 1 else cell


def dimension_name(name: str) -> str:
    return {
        "day": _("Day"), "weekday": _("Weekday"), "hour": _("Hour"), "channel": _("Channel"), "language": _("Language"), "topic": _("Topic"), "team": _("Team"), "agent": _("Agent"),
    }[name]  # fmt: skip


def name_of(dimension: str, line: Line) -> str:
    """A line's label; codes in words."""
    if dimension == "channel":
        return labels.channel(line.key)
    if dimension == "weekday":
        return weekday(int(line.key) - 1)
    return labels.language(line.key) if dimension == "language" else line.label if line.key not in {"0", ""} else "—"


def drills(dimension: str, lines: list[Line], days: int) -> dict[str, str]:
    """By a line's key: the condition that shows the conversations behind it; none for lines that have none."""
    if dimension in MOMENTS:
        return {}  # no condition tells the hours of all days apart
    if dimension == "day":
        today = now().astimezone(UTC).date()
        ages = {line.key: (today - date.fromisoformat(line.key)).days for line in lines}
        return {key: f"created<{age + 1}d" + (f" created>{age}d" if age else "") for key, age in ages.items()}
    keys = [int(line.key) for line in lines if line.key.isdecimal()]
    if dimension == "topic":
        words = list(Topic.objects.filter(pk__in=keys).values_list("pk", "slug"))
    elif dimension == "team":
        words = list(Team.objects.filter(pk__in=keys).values_list("pk", "slug"))
    elif dimension == "agent":
        words = list(Agent.objects.filter(pk__in=keys).values_list("pk", "badge"))
    else:
        return {line.key: f"{dimension}:{line.key} created<{days}d" for line in lines if line.key}
    name = {"agent": "assignee"}.get(dimension, dimension)
    return {str(key): f"{name}:{value} created<{days}d" for key, value in words if value}
