"""Reading the sums: totals, by day, by any dimension; only from the roll-up, so as fast on a million conversations."""

from dataclasses import dataclass
from datetime import date, tzinfo

from django.db.models import Sum

from kefu.people.models import Agent, Team
from kefu.reports import hours
from kefu.reports.models import Figure
from kefu.reports.roll import NAMES
from kefu.topics.models import Topic

MOMENTS = ("weekday", "hour")  # on the reader's clock, from the sums by the hour
DIMENSIONS = ("day", *MOMENTS, "channel", "language", "topic", "team", "agent")


@dataclass(frozen=True)
class Line:
    """One line of a report; ``key`` is the dimension's value (an id, a code or a day), ``label`` what people read.

    Averages are in seconds or from 1 to 5, shares from 0 to 1; None where there is nothing to divide by.
    """

    key: str
    label: str
    sums: dict[str, int]

    @property
    def reply_average(self) -> int | None:
        return _divide(self.sums["reply_seconds"], self.sums["replied"])

    @property
    def solve_average(self) -> int | None:
        return _divide(self.sums["solve_seconds"], self.sums["solved"])

    @property
    def rating(self) -> float | None:
        return self.sums["rating_sum"] / self.sums["rated"] if self.sums["rated"] else None

    @property
    def satisfaction(self) -> float | None:
        return self.sums["satisfied"] / self.sums["rated"] if self.sums["rated"] else None

    @property
    def kept_share(self) -> float | None:
        """Of the promises that were met or missed."""
        ended = self.sums["kept"] + self.sums["missed"]
        return self.sums["kept"] / ended if ended else None

    @property
    def bot_share(self) -> float | None:
        return self.sums["bot_solved"] / self.sums["bot_talks"] if self.sums["bot_talks"] else None

    @property
    def confirmed_share(self) -> float | None:
        """Of the bot's talks: those that somebody marked as solved."""
        return self.sums["bot_confirmed"] / self.sums["bot_talks"] if self.sums["bot_talks"] else None

    @property
    def within_hour(self) -> float | None:
        """Of the first answers: those that took an hour at most."""
        return self.sums["within_1h"] / self.sums["replied"] if self.sums["replied"] else None

    @property
    def reopen_share(self) -> float | None:
        return self.sums["reopened"] / self.sums["solved"] if self.sums["solved"] else None


def total(start: date, end: date) -> Line:
    """Everything from ``start`` to ``end``, both included."""
    sums = Figure.objects.filter(day__range=(start, end)).aggregate(**{name: Sum(name) for name in NAMES})
    return Line("", "", {name: sums[name] or 0 for name in NAMES})


def by(dimension: str, start: date, end: date, *, language: str = "en", zone: tzinfo | None = None) -> list[Line]:
    """One line for each value of a dimension, the most first; days, weekdays and hours in their order, these on the clocks of
    ``zone``. Raises KeyError for no dimension."""
    if dimension not in DIMENSIONS:
        raise KeyError(dimension)
    if dimension == "hour":
        return [Line(f"{hour:02d}", f"{hour:02d}:00", sums) for hour, sums in enumerate(hours.by_hour(start, end, zone))]
    if dimension == "weekday":
        return [Line(str(number), str(number), sums) for number, sums in enumerate(hours.by_weekday(start, end, zone), start=1)]
    rows = Figure.objects.filter(day__range=(start, end)).values(dimension).annotate(**{name: Sum(name) for name in NAMES})
    labels = _labels(dimension, language)
    lines = [
        Line(str(row[dimension]), labels.get(row[dimension], str(row[dimension] or "—")), {name: row[name] for name in NAMES})
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.key if dimension == "day" else (-line.sums["opened"], line.label))


def _labels(dimension: str, language: str) -> dict[object, str]:
    if dimension == "topic":
        return {t.pk: t.label(language) for t in Topic.objects.prefetch_related("translations")}
    if dimension == "team":
        return {t.pk: t.label(language) for t in Team.objects.all()}
    if dimension == "agent":
        return {a.pk: f"{a.label(language)} · {a.badge}" for a in Agent.objects.all()}
    return {}


def _divide(amount: int, count: int) -> int | None:
    return amount // count if count else None
