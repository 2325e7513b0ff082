"""Rows that nobody ordered come backwards.

A database gives them in any order, and mostly in that of their making: what relies on it holds a hundred times and fails once, on the
server that had a page half empty. Here it fails at once.
"""

from django.db.models.query import QuerySet

_fetch = QuerySet._fetch_all


def _fetch_backwards(rows: QuerySet) -> None:
    fresh = rows._result_cache is None
    _fetch(rows)
    if fresh and not rows.ordered and isinstance(rows._result_cache, list):
        rows._result_cache.reverse()


def spoil() -> None:
    """From now on, in this process."""
    QuerySet._fetch_all = _fetch_backwards
