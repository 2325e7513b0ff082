"""The ways to reach us: what each is good for, in which languages, when, and how long it takes now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from kefu.channels.email.models import Mailbox
from kefu.people.models import Agent
from kefu.routing.promise import Promise, promise_of
from kefu.routing.wait import Wait
from kefu.sla.hours import hours_of
from kefu.text.business_time import MIDNIGHT, Calendar, Span, is_open, week_from

CHAT, FORM, MAIL = "webchat", "form", "email"
SPOKEN_BY = (Agent.Role.AGENT, Agent.Role.SUPERVISOR)


@dataclass(frozen=True)
class Way:
    """``hours``: a line a day by the reader's clock, empty for round the clock. ``now_seconds``: what it takes at this moment, None
    where nobody is there; ``promise``: what it took lately."""

    code: str
    icon: str
    name: str
    about: str
    address: str
    languages: list[str]
    always: bool
    open_now: bool
    hours: list[tuple[str, str]] = field(default_factory=list)
    now_seconds: int | None = None
    promise: Promise | None = None


def ways(wait: Wait) -> list[Way]:
    """Every way that works now; ``wait`` is what somebody gets who asks for a person in the chat."""
    languages = spoken()
    found = [
        _way(CHAT, "chat", _("Live chat"), _("The assistant at once, a person on request"), reverse("chat"), languages, wait.seconds),
        _way(
            FORM,
            "ticket",
            _("Report a problem"),
            _("With details and files; the answer comes by mail"),
            reverse("ticket-choose"),
            languages,
        ),
    ]
    mailbox = Mailbox.objects.filter(active=True).order_by("pk").first()
    if mailbox:
        about = _("For papers, long stories and whoever cannot sign in: %(address)s") % {"address": mailbox.address}
        found.append(_way(MAIL, "mail", _("Email"), about, f"mailto:{mailbox.address}", languages))
    return found


def spoken() -> list[str]:
    """The languages of the people who answer, by their own names; those of the site where nobody says."""
    codes: set[str] = set()
    for languages in Agent.objects.filter(active=True, role__in=SPOKEN_BY).values_list("languages", flat=True):
        codes.update(languages)
    return [_own_name(code) for code in sorted(codes or dict(settings.LANGUAGES))]


def hours_lines(calendar: Calendar, at: datetime) -> list[tuple[str, str]]:
    """The next seven days and their hours by the reader's clock; days alike that follow each other are one line. The line with
    Monday is the first: people read a week, not what is left of one."""
    lines: list[tuple[date, date, str]] = []
    for day, spans in week_from(calendar, at, get_current_timezone()):  # type: ignore[arg-type]
        text = _spans(spans)
        if lines and lines[-1][2] == text:
            lines[-1] = (lines[-1][0], day, text)
        else:
            lines.append((day, day, text))
    if len(lines) > 1 and lines[0][2] == lines[-1][2]:
        lines[0] = (lines.pop()[0], lines[0][1], lines[0][2])  # around the week's end
    if len(lines) == 1:
        monday = lines[0][0] - timedelta(days=lines[0][0].weekday())
        lines = [(monday, monday + timedelta(days=6), lines[0][2])]
    begins = next(n for n, (first, last, _text) in enumerate(lines) if (last.weekday() < first.weekday()) or first.weekday() == 0)
    lines = lines[begins:] + lines[:begins]
    return [(_day(first) if first == last else f"{_day(first)}–{_day(last)}", text) for first, last, text in lines]


def _way(code: str, icon: str, name: str, about: str, address: str, languages: list[str], seconds: int | None = None) -> Way:
    calendar, at = hours_of(code), now()
    lines = [] if calendar.is_always else hours_lines(calendar, at)
    return Way(code, icon, name, about, address, languages, calendar.is_always, is_open(calendar, at), lines, seconds, promise_of(code))


def _spans(spans: Iterable[Span]) -> str:
    times = [f"{time_format(begin, 'H:i')}–{'24:00' if end == MIDNIGHT else time_format(end, 'H:i')}" for begin, end in spans]
    return _(", ").join(times) or _("closed")


def _day(day: date) -> str:
    return date_format(day, "D")


def _own_name(code: str) -> str:
    known: dict[str, Any] = dict(settings.LANGUAGES)
    if code in known:
        return str(known[code])
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
