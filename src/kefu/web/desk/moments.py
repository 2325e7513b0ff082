"""Moments by name, as agents choose them: in an hour, this evening, tomorrow."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime, now


def moment(name: str) -> datetime | None:
    """The moment that is meant, in the agent's own time zone; None for an unknown name."""
    at = localtime(now())
    morning = at.replace(hour=9, minute=0, second=0, microsecond=0)
    evening = at.replace(hour=18, minute=0, second=0, microsecond=0)
    return {
        "hour": at + timedelta(hours=1),
        "evening": evening if evening > at else evening + timedelta(days=1),
        "tomorrow": morning + timedelta(days=1),
        "days": morning + timedelta(days=3),
        "week": morning + timedelta(days=7),
    }.get(name)
