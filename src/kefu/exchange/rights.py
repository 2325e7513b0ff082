"""Which fields of the exchange's answers Kefu takes in at all, and which of them only leaders see.

A field is named ``class.field`` in lower case, such as ``account.country`` or ``activity.orders``. Only fields that nothing
depends on can be left out: texts, lists and optional moments, never what identifies a thing or says its state.
"""

import types
from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from kefu.exchange.port import Account, Activity, ApiKey, Deposit, Fees, Order, Withdrawal

T = TypeVar("T")

CLASSES = (Account, Activity, ApiKey, Deposit, Fees, Order, Withdrawal)
NEEDED = {"uid", "id", "state", "coin", "network", "txid", "pair", "side", "kind", "label"}


@cache
def names() -> frozenset[str]:
    """Every field that may be left out."""
    found = set()
    for kind in CLASSES:
        hints = get_type_hints(kind)
        found |= {_name(kind, one.name) for one in fields(kind) if one.name not in NEEDED and _can_be_empty(hints[one.name])}
    return frozenset(found)


def unknown(wanted: Collection[str]) -> list[str]:
    """Which of these names are no field that may be left out."""
    return sorted(set(wanted) - names())


def without(value: T, hidden: Collection[str]) -> T:
    """A value of the port with the named fields emptied, in everything that it holds."""
    if not hidden:
        return value
    if isinstance(value, tuple):
        return tuple(without(one, hidden) for one in value)  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    hints, changed = get_type_hints(type(value)), {}
    for one in fields(value):
        now = getattr(value, one.name)
        changed[one.name] = _empty(hints[one.name]) if _name(type(value), one.name) in hidden else without(now, hidden)
    return replace(value, **changed)


def _name(kind: type, field: str) -> str:
    return f"{kind.__name__.lower()}.{field}"


def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint)


def _can_be_empty(hint: Any) -> bool:
    return hint is str or get_origin(hint) is tuple or _is_optional(hint)


def _empty(hint: Any) -> Any:
    return None if _is_optional(hint) else () if get_origin(hint) is tuple else ""
