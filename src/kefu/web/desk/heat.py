"""The week as a table of shades: each weekday's hours, darker where more happened or where it took longer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kefu.reports.hours import Sums
from kefu.web.desk.report_lines import weekday
from kefu.web.ui import clock

SHADES = 5
MEASURES = ("opened", "replied", "solved", "wait")


@dataclass(frozen=True)
class Cell:
    """``shade`` from 0 to 5; ``words`` say what a short ``text`` leaves out."""

    text: str
    shade: int
    words: str


def name_of(measure: str) -> str:
    """What the shades stand for."""
    return {
        "opened": _("When people write"),
        "replied": _("First answers"),
        "solved": _("Solved"),
        "wait": _("Minutes to the first answer"),
    }[measure]


def shaded(week: list[list[Sums]], measure: str) -> list[tuple[str, list[Cell]]]:
    """Each weekday's name and its 24 cells. An hour without an answer has no wait, which is not a wait of nothing."""
    values = [[_value(sums, measure) for sums in hours] for hours in week]
    most = max((value for row in values for value in row if value is not None), default=0)
    return [(weekday(number), [_cell(value, most, measure, sums) for value, sums in zip(values[number], hours, strict=True)])
            for number, hours in enumerate(week)]  # fmt: skip


def _value(sums: Sums, measure: str) -> int | None:
    """A count; the average wait in seconds, None where nothing was answered."""
    if measure != "wait":
        return sums[measure]
    return sums["reply_seconds"] // sums["replied"] if sums["replied"] else None


def _cell(value: int | None, most: int, measure: str, sums: Sums) -> Cell:
    if value is None:
        return Cell("–", 0, _("Nothing was answered"))
    shade = -(-value * SHADES // most) if most else 0
    if measure != "wait":
        return Cell(str(value), shade, "")
    minutes = -(-value // 60)
    return Cell(str(minutes), shade, _("%(time)s, of %(n)s answers") % {"time": clock.minutes(minutes), "n": sums["replied"]})
