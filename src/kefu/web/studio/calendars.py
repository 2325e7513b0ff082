"""Working hours in the studio: the calendars by which promises count and the contact page tells hours."""

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from kefu.sla.models import WorkCalendar
from kefu.web.studio.fields import SafeForm, gathered, in_languages, spread
from kefu.web.studio.things import Data, Row, Thing

SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—]\s*([01]?\d|2[0-4]):([0-5]\d)")


def spans(text: str) -> list[list[str]]:
    """``9:00-12:00, 13:00-21:00`` as the calendar keeps it. Raises ValueError with words."""
    found: list[list[str]] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,，;；]", text))):
        match = SPAN.fullmatch(part)
        if not match:
            raise ValueError(_("Write hours as 9:00-12:00, 13:00-21:00."))
        begin, end = f"{int(match[1]):02}:{match[2]}", f"{int(match[3]):02}:{match[4]}"
        if begin >= end or end > "24:00" or (found and begin < found[-1][1]):
            raise ValueError(_("The hours must follow each other within one day."))
        found.append([begin, end])
    if found and found[-1][1] == "24:00":
        found[-1][1] = "00:00"  # how a calendar writes the end of the day
    return found


def spans_text(found: list[list[str]]) -> str:
    return ", ".join(f"{begin}-{'24:00' if end == '00:00' else end}" for begin, end in found)


class CalendarForm(SafeForm):
    slug = forms.SlugField(label=_("Address (latin letters and dashes)"), max_length=50)
    zone = forms.CharField(label=_("Time zone"), max_length=40, help_text=_("Such as Asia/Shanghai."))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "name", _("Its name"), most=60)
        for day in range(7):
            self.fields[f"day_{day}"] = forms.CharField(label=WEEKDAYS[day], required=False, max_length=120)
        self.fields["special"] = forms.CharField(
            label=_("Other days, one a line"),
            required=False,
            max_length=6000,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("2027-01-01 for a holiday, 2026-12-31 9:00-15:00 for other hours. All days empty: round the clock."),
        )

    def clean_zone(self) -> str:
        if self.cleaned_data["zone"] not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return str(self.cleaned_data["zone"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["week"], values["days"] = {}, {}
        for day in range(7):
            try:
                if found := spans(values.get(f"day_{day}") or ""):
                    values["week"][str(day)] = found
            except ValueError as error:
                self.add_error(f"day_{day}", str(error))
        for line in filter(None, (one.strip() for one in (values.get("special") or "").splitlines())):
            day_text, _space, hours = line.partition(" ")
            try:
                values["days"][date.fromisoformat(day_text).isoformat()] = spans(hours)
            except ValueError as error:
                self.add_error("special", f"{line}: {error}")
        return values


def rows(language: str) -> list[Row]:
    return [Row(one.slug, one.name(language), one.zone) for one in WorkCalendar.objects.order_by("slug")]


def read(key: str) -> Data | None:
    one = WorkCalendar.objects.filter(slug=key).first()
    return one and {"names": one.names, "zone": one.zone, "week": one.week, "special": one.special}


def write(key: str, data: Data | None) -> None:
    one = WorkCalendar.objects.filter(slug=key).first()
    if data is not None:
        WorkCalendar.objects.update_or_create(slug=key, defaults=data)
    elif one and one.policies.exists():
        raise ValueError(_("Promises count by this calendar. Give them another one first."))
    elif one:
        one.delete()


def form(data: Data | None, post: Any) -> CalendarForm:
    if data is None:
        return CalendarForm(post, initial={"zone": "Asia/Shanghai"})
    days = {f"day_{day}": spans_text(data["week"].get(str(day), [])) for day in range(7)}
    special = "\n".join(f"{day} {spans_text(found)}".strip() for day, found in sorted(data["special"].items()))
    return CalendarForm(post, initial={"zone": data["zone"], "special": special, **days, **spread(data["names"], "name")})


def collect(form: Any, _rows: Any) -> tuple[str, Data]:
    values = form.cleaned_data
    return values["slug"], {"names": gathered(values, "name"), "zone": values["zone"], "week": values["week"], "special": values["days"]}


CALENDARS = Thing("calendars", _("Working hours"), "clock", "settings.write", rows, read, write, form, collect,
                  help=_("Promises count by them, and the contact page tells them by the reader’s clock."))  # fmt: skip
