"""Reports: how much came, how fast it was answered, how satisfied people were; drilled down to the conversations."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.reports import backlog, hours
from kefu.reports.figures import DIMENSIONS, by, total
from kefu.reports.models import ReportMail
from kefu.web.desk import heat
from kefu.web.desk.chart import Chart, Series, chart
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.report_lines import SPANS, WEEK, as_csv, chosen, dimension_name, drills, file_name, name_of, span
from kefu.web.desk.report_mail import begin
from kefu.web.ui import clock

LONG = 120  # days; beyond it a chart shows weeks


@require_safe
@for_agents("reports.read")
def reports(request: AgentRequest) -> HttpResponse:
    """The page; ``days`` how far back, ``by`` the dimension."""
    days, dimension = chosen(request.GET)
    start, end = span(days)
    zone = get_current_timezone()
    found = by(dimension, start, end, language=get_language() or "en", zone=zone)
    measure = request.GET.get("heat", "")
    measure = measure if measure in heat.MEASURES else "opened"
    addresses = drills(dimension, found, days)
    ages, whole = backlog.ages()
    context = {
        "days": days,
        "spans": SPANS,
        "dimension": dimension,
        "dimensions": [(name, dimension_name(name)) for name in DIMENSIONS],
        "dimension_label": dimension_name(dimension),
        "total": total(start, end),
        "before": total(start - timedelta(days=days), start - timedelta(days=1)),
        "lines": [(line, name_of(dimension, line), addresses.get(line.key, "")) for line in found],
        "most": max([line.sums["opened"] for line in found], default=0),
        "backlog": whole,
        "ages": [(age_words(age), age) for age in ages],
        "most_open": max((one.open for one in ages), default=0),
        "chart": by_hour(end) if days == 1 else by_day(start, end),
        "measure": measure,
        "measures": [(name, heat.name_of(name)) for name in heat.MEASURES],
        "week": heat.shaded(hours.week(start, end, zone), measure),
        "zone": str(zone),
        "mails": ReportMail.objects.filter(agent=request.agent).order_by("next_at"),
        "every": ReportMail.Every.choices,
    }
    return render(request, "desk/reports.html", shell(request) | context)


@require_safe
@for_agents("reports.read")
def export(request: AgentRequest) -> HttpResponse:
    """The same lines as CSV, with raw sums; ``by=week``: every hour of every weekday."""
    days, dimension = chosen(request.GET)
    dimension = WEEK if request.GET.get("by") == WEEK else dimension
    text = as_csv(days, dimension, get_language() or "en", get_current_timezone())
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(days, dimension)}"'
    return response


@require_POST
@for_agents("reports.read")
def mails(request: AgentRequest) -> HttpResponse:
    """Have this report sent to oneself from now on."""
    days, dimension = chosen(request.POST)
    every = request.POST.get("every", "")
    if every in ReportMail.Every.values:
        begin(request.agent, dimension=dimension, days=days, every=every)
        messages.success(request, _("You get it by mail to %(address)s.") % {"address": request.agent.user.email})
    return redirect(f"{reverse('desk-reports')}?days={days}&by={dimension}")


@require_POST
@for_agents("reports.read")
def mail_removal(request: AgentRequest, pk: int) -> HttpResponse:
    """No longer."""
    get_object_or_404(ReportMail, pk=pk, agent=request.agent).delete()
    return redirect("desk-reports")


def by_day(start: date, end: date) -> Chart:
    """New and solved by day; by week where there are very many days."""
    sums = {line.key: line.sums for line in by("day", start, end)}
    every = 7 if (end - start).days > LONG else 1
    firsts = [start + timedelta(days=n) for n in range(0, (end - start).days + 1, every)]
    groups = [[sums.get(str(first + timedelta(days=n)), {}) for n in range(every)] for first in firsts]
    series = [
        Series(_("Came in"), [sum(one.get("opened", 0) for one in group) for group in groups], "main"),
        Series(_("Solved"), [sum(one.get("solved", 0) for one in group) for group in groups]),
    ]
    return chart([date_format(first, "m-d") for first in firsts], series)


def by_hour(today: date) -> Chart:
    """New and solved by hour of one day, on the reader's clock."""
    found = hours.day(today, get_current_timezone())
    series = [
        Series(_("Came in"), [one["opened"] for one in found], "main"),
        Series(_("Solved"), [one["solved"] for one in found]),
    ]
    return chart([f"{hour}:00" for hour in range(24)], series)


def age_words(age: backlog.Age) -> str:
    """The bounds of an age, in words."""
    if age.at_most is None:
        return _("over %(time)s") % {"time": _span(age.at_least)}
    return _("up to %(time)s") % {"time": _span(age.at_most)}


def _span(time: timedelta) -> str:
    return clock.days(time.days) if time.days > 1 else clock.hours(time // timedelta(hours=1))
