"""Every clock explains itself: what was promised, when it stood still and why, when it is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from kefu.sla.clocks import used
from kefu.sla.models import Clock
from kefu.sla.run import as_clock


def kind_name(kind: str) -> str:
    return {"first_reply": _("First reply"), "next_reply": _("Next reply"), "resolution": _("Solution")}.get(kind, kind)


def explain(row: Clock, *, at: datetime, language: str) -> list[str]:
    """Short sentences in the active language and time zone, the most important first."""
    clock, calendar = as_clock(row), row.policy.calendar
    gone = used(clock, calendar.hours, at)
    found = [_state(row, gone, clock.target, at)]
    found.append(_("Promised: %(target)s by policy “%(policy)s”") % {"target": length(clock.target), "policy": row.policy.name(language)})
    zone = ZoneInfo(calendar.zone)
    found.append(
        _("Round the clock")
        if calendar.hours.is_always
        else _("Calendar: %(name)s (%(zone)s)") % {"name": calendar.name(language), "zone": zone.key}
    )
    for begin, stop in clock.pauses:
        values = {"begin": moment(begin, at), "end": moment(stop, at) if stop else _("now")}
        found.append(_("Stood still %(begin)s–%(end)s: the customer's turn, on hold, or solved") % values)
    found.append(_("Counted so far: %(time)s") % {"time": length(gone)})
    return found


def _state(row: Clock, gone: timedelta, target: timedelta, at: datetime) -> str:
    if row.met_at:
        values = {"time": moment(row.met_at, at), "length": length(gone)}
        return _("Missed; done %(time)s after %(length)s") % values if gone > target else _("Kept %(time)s after %(length)s") % values
    if row.due_at is None:
        return _("Stands still: it is the customer's turn")
    values = {"time": moment(row.due_at, at), "length": length(abs(row.due_at - at))}
    return _("Missed by %(length)s, was due %(time)s") % values if row.due_at <= at else _("Due %(time)s, in %(length)s") % values


def length(span: timedelta) -> str:
    """An amount of time as 3:05 h, 12 min or 2 d 4 h."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(h)s:%(m)02d h") % {"h": minutes // 60, "m": minutes % 60}
    return _("%(d)s d %(h)s h") % {"d": minutes // 1440, "h": minutes % 1440 // 60}


def moment(at: datetime, today: datetime) -> str:
    """A moment on the reader's clock; with its day unless it is today."""
    zone = get_current_timezone()
    local = at.astimezone(zone)
    same = local.date() == today.astimezone(zone).date()
    return date_format(local, "H:i" if same else "m-d H:i")
