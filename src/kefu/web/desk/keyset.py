"""Pages by position instead of by number: as fast on the thousandth page, and nothing is skipped when rows move meanwhile."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

LONGEST = 400  # characters of a position in an address


def after(rows: "QuerySet[Any]", order: Sequence[str], position: str) -> "QuerySet[Any]":
    """The rows that come after a position, in ``order`` (field names, "-" before descending ones, the last one unique).

    A position that nobody gave out counts as the beginning.
    """
    rows = rows.order_by(*order)
    values = _values(position, len(order))
    if values is None:
        return rows
    beyond, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        beyond |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    first = order[0].lstrip("-")
    # The first field's bound alone lets the database begin in the middle of an index.
    return rows.filter(beyond, **{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})


def position(row: Model, order: Sequence[str]) -> str:
    """Where a row stands in the order, for the address of the next page."""
    values = [getattr(row, name.lstrip("-")) for name in order]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _values(position: str, count: int) -> list[Any] | None:
    if not position or len(position) > LONGEST:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(position + "=" * (-len(position) % 4)))
        if not isinstance(found, list) or len(found) != count:
            return None
        values = [_moment(value) if isinstance(value, str) else int(value) for value in found]
    except (ValueError, TypeError, OverflowError):
        return None
    return values if all(not isinstance(value, int) or abs(value) < 1 << 62 for value in values) else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
