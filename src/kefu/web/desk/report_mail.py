"""Reports by mail: asked for by whoever reads them, sent while they still may read them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import get_default_timezone, now
from django.utils.translation import gettext as _

from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.reports.figures import by, total
from kefu.reports.models import ReportMail
from kefu.web.desk.report_lines import as_csv, dimension_name, file_name, name_of, span

MORNING = time(8)
AT_ONCE = 50
LISTED = 30


def begin(agent: Agent, *, dimension: str, days: int, every: str) -> ReportMail:
    """Send this report to the agent from the next morning that fits on; asking twice is asking once."""
    mail, _made = ReportMail.objects.get_or_create(
        agent=agent, dimension=dimension, days=days, every=every, defaults={"next_at": next_time(every, now(), zone_of(agent))}
    )
    return mail


def next_time(every: str, after: datetime, zone: ZoneInfo) -> datetime:
    """Eight in the morning, on the reader's clock, of the first day after ``after`` on which it is due."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, MORNING, zone)
        fits = every == "day" or (every == "week" and day.weekday() == 0) or (every == "month" and day.day == 1)
        if fits and moment > after:
            return moment
        day += timedelta(days=1)


def send_due() -> int:
    """Periodic job: send what is due; returns how many. One that was due several times is sent once."""
    sent = 0
    for pk in ReportMail.objects.filter(next_at__lte=now()).values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            mail = (
                ReportMail.objects.select_for_update(of=("self",)).select_related("agent__user").filter(pk=pk, next_at__lte=now()).first()
            )
            if mail is None:
                continue
            mail.next_at = next_time(mail.every, now(), zone_of(mail.agent))
            mail.save(update_fields=["next_at"])
            if may(mail.agent, "reports.read"):
                _send(mail)
                sent += 1
    return sent


def _send(mail: ReportMail) -> None:
    agent, known = mail.agent, dict(settings.LANGUAGES)
    language = next((code for code in (agent.user.language, *agent.languages) if code in known), settings.LANGUAGE_CODE)
    start, end = span(mail.days)
    with translation.override(language):
        found = by(mail.dimension, start, end, language=language, zone=zone_of(agent))
        lines = [(name_of(mail.dimension, line), line) for line in found[:LISTED]]
        context = {"total": total(start, end), "before": total(start - timedelta(days=mail.days), start - timedelta(days=1)), "lines": lines,
                   "start": start, "end": end, "dimension": dimension_name(mail.dimension), "url": f"{settings.SITE_URL}/desk/reports/"}  # fmt: skip
        text = render_to_string("desk/report.txt", context)
        subject = _("Report %(start)s to %(end)s") % {"start": start, "end": end}
        message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [agent.user.email])
        message.attach(file_name(mail.days, mail.dimension), as_csv(mail.days, mail.dimension, language, zone_of(agent)), "text/csv")
        message.send()


def zone_of(agent: Agent) -> ZoneInfo:
    """The clock by which the agent lives."""
    try:
        return ZoneInfo(agent.user.time_zone) if agent.user.time_zone else ZoneInfo(str(get_default_timezone()))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
