"""Times and durations for people: always a number, in the reader's zone."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

STYLES = {"ago": "SHORT_DATETIME_FORMAT", "datetime": "SHORT_DATETIME_FORMAT", "date": "DATE_FORMAT", "time": "TIME_FORMAT"}
STEPS = (
    (86400, lambda n: ngettext("%(n)d day", "%(n)d days", n)),
    (3600, lambda n: ngettext("%(n)d hour", "%(n)d hours", n)),
    (60, lambda n: ngettext("%(n)d minute", "%(n)d minutes", n)),
    (1, lambda n: ngettext("%(n)d second", "%(n)d seconds", n)),
)


def when(moment: datetime | None, style: str = "datetime") -> SafeString | str:
    """``{% when message.created "ago" %}``: a ``<time>`` that scripts keep current and show in the reader's zone.

    ``style``: ago, datetime, date or time. Without scripts it shows the moment in the active zone, with the
    zone's name when that is UTC. Nothing is shown for ``None``.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    text = formats.date_format(local, STYLES[style])
    zone = " UTC" if style != "date" and local.utcoffset() == timedelta(0) else ""
    return format_html(
        '<time datetime="{}" data-when="{}">{}{}</time>', moment.isoformat(timespec="seconds"), style, text, zone
    )


def duration(seconds: float | timedelta | None) -> str:
    """``{{ wait|duration }}``: a length of time in its largest unit and, below it, the next: “2 hours 5 minutes”.

    ``seconds`` may be a ``timedelta``; negative lengths count as none. Nothing is shown for ``None``.
    """
    if seconds is None:
        return ""
    left = max(0, round(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds))
    for place, (size, words) in enumerate(STEPS):
        if left >= size:
            number, rest = divmod(left, size)
            first = words(number) % {"n": number}
            if place + 1 < len(STEPS) and (below := rest // STEPS[place + 1][0]):
                second = STEPS[place + 1][1](below) % {"n": below}
                return gettext("%(first)s %(second)s") % {"first": first, "second": second}
            return first
    return ngettext("%(n)d second", "%(n)d seconds", 0) % {"n": 0}


def language_tag(code: str) -> str:
    """Django's language code as HTML wants it (BCP 47): ``zh-hans`` → ``zh-Hans``."""
    language, _, rest = code.partition("-")
    return f"{language}-{rest.title() if len(rest) == 4 else rest.upper()}" if rest else language
