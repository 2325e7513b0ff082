"""Times and durations for people: always a number, in the reader's zone."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

STYLES = {
    "ago": "SHORT_DATETIME_FORMAT",
    "datetime": "SHORT_DATETIME_FORMAT",
    "date": "DATE_FORMAT",
    "time": "TIME_FORMAT",
    "day": "m-d",
    "near": "m-d H:i",
}
TOLD_BY_TODAY = {"day", "near"}


def days(n: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def hours(n: int) -> str:
    return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}


def minutes(n: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


def seconds(n: int) -> str:
    return ngettext("%(n)d second", "%(n)d seconds", n) % {"n": n}


UNITS = ((86400, days), (3600, hours), (60, minutes), (1, seconds))


def when(moment: datetime | None, style: str = "datetime") -> SafeString | str:
    """``{% when message.created "ago" %}``: a ``<time>`` that scripts keep current, in the reader's zone.

    ``style``: ago, datetime, date, time, day (“11-18”, with the year where it is another) or near (“09:41” today, else with its day). Without scripts it shows the moment in the active zone, with the
    zone's name when that is UTC. Nothing is shown for ``None``.
    """
    if moment is None:
        return ""
    today = timezone.localtime().date() if style in TOLD_BY_TODAY else None
    # To the second, as it is shown: those who write in the same one share it.
    return _when(moment.replace(microsecond=0), style, timezone.get_current_timezone(), get_language(), today)


@lru_cache(maxsize=4096)
def _when(moment: datetime, style: str, zone: tzinfo, language: str | None, today: date | None) -> SafeString:
    """Kept: a list is drawn anew every half minute, for every agent, and its moments are the same ones."""
    local, shape = timezone.localtime(moment, zone), STYLES[style]
    if today and local.year != today.year:
        shape = f"Y-{shape}"
    elif style == "near" and local.date() == today:
        shape = "H:i"
    text = formats.date_format(local, shape)
    zone_name = " UTC" if style not in {"date", "day"} and local.utcoffset() == timedelta(0) else ""
    return format_html(
        '<time datetime="{}" data-when="{}">{}{}</time>',
        moment.isoformat(timespec="seconds"),
        style,
        text,
        zone_name,
    )


def duration(length: float | timedelta | None) -> str:
    """``{{ wait|duration }}``: a length of time in its largest unit and the one below: “2 hours 5 minutes”.

    ``length`` in seconds, or a ``timedelta``; negative lengths count as none. Nothing is shown for ``None``.
    """
    if length is None:
        return ""
    left = max(0, round(length.total_seconds() if isinstance(length, timedelta) else length))
    place, (size, words) = next((p, unit) for p, unit in enumerate(UNITS) if left >= unit[0] or unit[0] == 1)
    first = words(left // size)
    if place + 1 == len(UNITS):
        return first
    smaller, smaller_words = UNITS[place + 1]
    below = left % size // smaller
    return gettext("%(first)s %(second)s") % {"first": first, "second": smaller_words(below)} if below else first


def amount(length: float | timedelta | None) -> SafeString | str:
    """``{{ line.reply_average|amount }}``: a length of time for columns of figures: the number large, its unit small."""
    if length is None:
        return ""
    left = max(0, round(length.total_seconds() if isinstance(length, timedelta) else length))
    unit = next((unit for least, unit in ((172_800, 86_400), (3600, 3600), (60, 60)) if left >= least), 1)
    words = {86_400: gettext("d"), 3600: gettext("h"), 60: gettext("min"), 1: gettext("s")}[unit]
    number = f"{left / unit:.1f}" if unit >= 3600 else str(left // unit)
    return format_html("{}<small> {}</small>", number, words)


def language_tag(code: str) -> str:
    """Django's language code as HTML wants it (BCP 47): ``zh-hans`` → ``zh-Hans``."""
    language, _, rest = code.partition("-")
    return f"{language}-{rest.title() if len(rest) == 4 else rest.upper()}" if rest else language
