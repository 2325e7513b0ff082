"""What is open, by age: one number says nothing about a heap."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils.timezone import now

from kefu.conversations.models import IS_OPEN, Conversation

# Age at most, and the condition that shows them, as the search box writes it.
AGES: tuple[tuple[timedelta | None, str], ...] = (
    (timedelta(hours=1), "created<1h"),
    (timedelta(hours=8), "created>=1h created<8h"),
    (timedelta(days=1), "created>=8h created<1d"),
    (timedelta(days=3), "created>=1d created<3d"),
    (timedelta(days=7), "created>=3d created<7d"),
    (timedelta(days=30), "created>=7d created<30d"),
    (None, "created>=30d"),
)


@dataclass(frozen=True)
class Age:
    """``ours``: of these, how many wait for us. ``at_most`` is None for the last, which has no end."""

    at_most: timedelta | None
    at_least: timedelta
    open: int
    ours: int
    condition: str


def ages() -> tuple[list[Age], dict[str, object]]:
    """The open conversations by age, and in all: ``n``, ``ours``, and since when the longest of them waits (``oldest``).

    One query, over what is open only.
    """
    at, asked, least = now(), {}, timedelta(0)
    for place, (most, _condition) in enumerate(AGES):
        within = Q(created__lte=at - least) & (Q(created__gt=at - most) if most else Q())
        if place == 0 and most:
            within = Q(created__gt=at - most)  # a clock that is a little ahead elsewhere loses nothing
        asked[f"open_{place}"] = Count("pk", filter=within)
        asked[f"ours_{place}"] = Count("pk", filter=within & Q(waiting_since__isnull=False))
        least = most or least
    whole = {"n": Count("pk"), "ours": Count("pk", filter=Q(waiting_since__isnull=False)), "oldest": Min("waiting_since")}
    found = Conversation.objects.filter(IS_OPEN).aggregate(**asked, **whole)
    bounds = [timedelta(0), *(most for most, _condition in AGES if most)]
    rows = [
        Age(most, bounds[place], found[f"open_{place}"], found[f"ours_{place}"], f"is:open {condition}")
        for place, (most, condition) in enumerate(AGES)
    ]
    return rows, {name: found[name] for name in whole}
