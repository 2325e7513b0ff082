"""The port's values as JSON and back: decimals and moments as text, tuples as lists, by the classes' own type hints."""

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Union, get_args, get_origin, get_type_hints


class BadAnswer(ValueError):
    """An answer that does not have the shape that the port promises."""


def to_plain(value: Any) -> Any:
    """A value of the port as plain data."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def from_plain(kind: Any, data: Any) -> Any:
    """Plain data as a value of ``kind``. Unknown names are left out, missing ones with a default get it;
    an object of unknown names alone is another thing, and not an empty one of this kind.

    Raises BadAnswer for anything of another shape.
    """
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        if data is None:
            return None
        return from_plain(next(one for one in get_args(kind) if one is not type(None)), data)
    if origin is tuple:
        if not isinstance(data, list):
            raise BadAnswer(f"a list was promised, not {type(data).__name__}")
        return tuple(from_plain(get_args(kind)[0], one) for one in data)
    if is_dataclass(kind):
        return _record(kind, data)
    return _simple(kind, data)


def _record(kind: Any, data: Any) -> Any:
    if not isinstance(data, dict):
        raise BadAnswer(f"an object was promised, not {type(data).__name__}")
    hints = get_type_hints(kind)
    known = {one.name: from_plain(hints[one.name], data[one.name]) for one in fields(kind) if one.name in data}
    if data and not known:
        raise BadAnswer("nothing of it was promised")
    try:
        return kind(**known)
    except TypeError as error:
        raise BadAnswer(str(error)) from None


def _simple(kind: Any, data: Any) -> Any:
    try:
        if kind is Decimal and isinstance(data, (str, int)):
            value = Decimal(data)
            if value.is_finite():
                return value
        elif kind is datetime and isinstance(data, str):
            moment = datetime.fromisoformat(data)
            if moment.tzinfo:
                return moment.astimezone(UTC)
        elif (kind is bool and isinstance(data, bool)) or (kind is int and isinstance(data, int) and not isinstance(data, bool)):
            return data
        elif kind is str and isinstance(data, str):
            return data[:500]
    except (InvalidOperation, ValueError):
        pass
    raise BadAnswer(f"{kind.__name__} was promised, not {str(data)[:40]!r}")
