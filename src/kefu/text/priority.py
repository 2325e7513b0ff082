"""How soon a case must be served: points from facts, added up, each with its reason. Pure and table-driven."""

from dataclasses import dataclass
from decimal import Decimal

LOW, NORMAL, HIGH, URGENT = 1, 2, 3, 4
LEVELS = ((70, URGENT), (40, HIGH), (15, NORMAL))  # from how many points on; below: low

TOPIC = {"low": 5, "normal": 20, "high": 35, "urgent": 60}
SIGNALS = {"takeover": 80, "fraud": 70, "distress": 70, "anger": 5, "urgency": 5}
# Money at risk in US dollars: the first bound that is reached counts.
MONEY = ((Decimal(100_000), 40), (Decimal(10_000), 25), (Decimal(1_000), 10))
TIERS = ((5, 30), (3, 20), (1, 10))
CHOICE = {"urgent": 10, "high": 5, "low": -10}
INCIDENT = -10  # one of many with the same cause: the incident is worked on as a whole
REOPENED, MOST_REOPENED = 10, 20
COMPLEX_FIELDS, COMPLEX = 3, -5  # so many needed facts are missing: the case cannot be worked on yet
# Words of the customer alone, chosen or written in anger, never lift a case above this level.
CLAIMED = {"chosen", "anger", "urgency"}


@dataclass(frozen=True)
class Facts:
    """What is known of a case. ``topic``: the topic's urgency; ``chosen``: the customer's own, one of both words of
    ``TOPIC``; ``signals``: names of ``SIGNALS``; ``money``: at risk, in US dollars; ``missing``: needed facts not given."""

    topic: str = "normal"
    chosen: str = ""
    signals: tuple[str, ...] = ()
    money: Decimal | None = None
    tier: int = 0
    in_incident: bool = False
    reopened: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Reason:
    """``code`` names what counted, ``points`` how much, ``value`` what it was (a number or a word, as text)."""

    code: str
    points: int
    value: str = ""


@dataclass(frozen=True)
class Verdict:
    """``level`` from 1 (low) to 4 (urgent), and why, what weighed most first."""

    level: int
    points: int
    reasons: tuple[Reason, ...]


def weigh(facts: Facts) -> Verdict:
    """The priority of a case.

    What a customer merely claims is bounded: it moves a case inside its level or to its neighbour's edge, and never
    makes it urgent. Raises KeyError for words that are not in the tables.
    """
    reasons = tuple(sorted(_reasons(facts), key=lambda reason: (-abs(reason.points), reason.code)))
    points = sum(reason.points for reason in reasons)
    level = level_of(points)
    proven = level_of(sum(reason.points for reason in reasons if reason.code not in CLAIMED))
    if level > proven:
        level = max(proven, min(level, HIGH))
    return Verdict(level, points, reasons)


def level_of(points: int) -> int:
    """The level that so many points make."""
    return next((level for least, level in LEVELS if points >= least), LOW)


def _reasons(facts: Facts) -> list[Reason]:
    found = [Reason("topic", TOPIC[facts.topic], facts.topic)]
    found += [Reason(name, SIGNALS[name]) for name in dict.fromkeys(facts.signals)]
    if facts.chosen in CHOICE:
        found.append(Reason("chosen", CHOICE[facts.chosen], facts.chosen))
    elif facts.chosen and facts.chosen not in TOPIC:
        raise KeyError(facts.chosen)
    if facts.money is not None and (points := _first(MONEY, facts.money)):
        found.append(Reason("money", points, f"{facts.money:.0f}"))
    if points := _first(TIERS, facts.tier):
        found.append(Reason("tier", points, str(facts.tier)))
    if facts.in_incident:
        found.append(Reason("incident", INCIDENT))
    if facts.reopened:
        found.append(Reason("reopened", min(MOST_REOPENED, REOPENED * facts.reopened), str(facts.reopened)))
    if facts.missing >= COMPLEX_FIELDS:
        found.append(Reason("missing", COMPLEX, str(facts.missing)))
    return found


def _first(table: tuple[tuple[Decimal, int], ...] | tuple[tuple[int, int], ...], value: Decimal | int) -> int:
    return next((points for least, points in table if value >= least), 0)
