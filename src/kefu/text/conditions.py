"""The language in which views, triggers and the search box say which conversations are meant.

    status:open,pending  topic:deposits  -tag:vip  tier>=3  waiting>30m  "not arrived"

Terms are joined by "and"; values after a colon, separated by commas, by "or"; a minus before a term turns it round.
Amounts of time are written 30m, 2h, 7d. Words without a name must occur in what was said.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

TEXT = {"status", "stage", "topic", "team", "channel", "language", "tag", "assignee", "signal", "is", "incident"}
NUMBERS = {"priority", "tier", "level", "reopened", "rating"}
TIMES = {"created", "waiting", "quiet", "solved"}
NAMES = TEXT | NUMBERS | TIMES
# What some can be; anything else is a slip of the hand that would find nothing and never say why.
CLOSED: dict[str, frozenset[str]] = {
    "status": frozenset({"new", "open", "pending", "on_hold", "solved", "closed"}),
    "stage": frozenset({"bot", "queued", "live", "none"}),
    "is": frozenset(
        {"open", "over", "waiting", "queued", "live", "bot", "ticket", "unassigned", "snoozed", "followed", "rated", "trash", "spam"}
    ),
}
PRIORITIES = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
MOST_TERMS = 20

_TERM = re.compile(r'(-?)(?:([a-z]+)(:|>=|<=|>|<)("[^"]*"|\S*)|"([^"]*)"|(\S+))')
_SPAN = re.compile(r"(\d{1,4})([mhdw])")


class BadCondition(ValueError):
    """A term that says nothing; ``term`` is what was written, ``why`` a code: name, value, number, time, empty, too_many."""

    def __init__(self, term: str, why: str) -> None:
        super().__init__(f"{term}: {why}")
        self.term, self.why = term, why


@dataclass(frozen=True)
class Term:
    """``name`` is empty for words; ``sign`` is ``:``, ``>=``, ``<=``, ``>`` or ``<``. ``values`` are texts; for numbers
    one number, for times one amount in seconds."""

    name: str
    sign: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def number(self) -> int:
        return int(self.values[0])


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a condition; none for an empty one, which holds for everything. Raises BadCondition."""
    terms = tuple(_term(match) for match in _TERM.finditer(text))
    if len(terms) > MOST_TERMS:
        raise BadCondition(text[:40], "too_many")
    return terms


def write(terms: tuple[Term, ...]) -> str:
    """The terms as text; ``parse`` of it gives the same terms."""
    return " ".join(_written(term) for term in terms)


def _term(match: re.Match[str]) -> Term:
    minus, name, sign, value, quoted, word = match.groups()
    negated = minus == "-"
    if name is None:
        words = quoted if quoted is not None else word
        if not words.strip("-"):
            raise BadCondition(match.group(), "empty")
        return Term("", ":", (words,), negated)
    if name not in NAMES:
        if value and sign == ":" and (value.startswith("//") or ":" in value):
            return Term("", ":", (match.group().lstrip("-"),), negated)  # an address of the web, not a term
        raise BadCondition(match.group(), "name")
    value = value.strip('"')
    if not value:
        raise BadCondition(match.group(), "empty")
    if name in TIMES:
        span = _SPAN.fullmatch(value)
        if span is None or sign == ":":
            raise BadCondition(match.group(), "time")
        return Term(name, sign, (str(int(span[1]) * int(UNITS[span[2]].total_seconds())),), negated)
    if name in NUMBERS:
        number = str(PRIORITIES.get(value, value)) if name == "priority" else value
        if not (number.isascii() and number.isdecimal() and len(number) < 6):
            raise BadCondition(match.group(), "number")
        return Term(name, sign, (str(int(number)),), negated)
    if sign != ":":
        raise BadCondition(match.group(), "number")
    values = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    if not values:
        raise BadCondition(match.group(), "empty")
    if name in CLOSED and not CLOSED[name].issuperset(values):
        raise BadCondition(match.group(), "value")
    return Term(name, ":", values, negated)


def _written(term: Term) -> str:
    minus = "-" if term.negated else ""
    if not term.name:
        return f'{minus}"{term.values[0]}"'
    if term.name in TIMES:
        return f"{minus}{term.name}{term.sign}{_span(int(term.values[0]))}"
    value = ",".join(term.values)
    return f'{minus}{term.name}{term.sign}"{value}"' if " " in value else f"{minus}{term.name}{term.sign}{value}"


def _span(seconds: int) -> str:
    for letter, unit in reversed(UNITS.items()):
        count, rest = divmod(seconds, int(unit.total_seconds()))
        if not rest and count < 10_000:
            return f"{count}{letter}"
    return f"{seconds // 60}m"
