"""Where the values of a queryset stand among the parameters of its SQL: found once, by samples that are there nowhere else."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models


def sample(field: "models.Field[Any, Any]", n: int) -> Any:
    """A value by which the place of a parameter is found again in the compiled statement."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField):
        return uuid.UUID(int=0xFEED0000 + n)
    if isinstance(target, models.DateTimeField):
        return datetime(1871, 3, 7, n, tzinfo=UTC)
    if isinstance(target, models.IntegerField):
        return 1_900_000_001 + n
    return f"\u0001sample {n}"


class Places:
    """``given``: the parameters of the statement that was compiled with ``samples`` (as the database takes them)."""

    __slots__ = ("_given", "_places")

    def __init__(self, given: Sequence[Any], samples: Sequence[Any]) -> None:
        self._given = list(given)
        self._places = [_of(self._given, one) for one in samples]

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The parameters with these values, as the database takes them, instead of the samples."""
        params = list(self._given)
        for places, value in zip(self._places, values, strict=True):
            for place in places:
                params[place] = value
        return params


def _of(params: Sequence[Any], one: Any) -> list[int]:
    places = [place for place, param in enumerate(params) if type(param) is type(one) and param == one]
    if not places:
        raise ValueError("A value of a prepared query is not a parameter of its SQL.")
    return places
