"""Storing new rows by a statement that was made once for their model."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.utils import DEFAULT_DB_ALIAS

from kefu.system.prepared.statement import Statement, database

M = TypeVar("M", bound=models.Model)


def insert(row: M) -> M:
    """What ``row.save(force_insert=True)`` does for a model without parents, signals and generated columns."""
    _store([row])
    return row


def insert_all(rows: Sequence[M]) -> None:
    """The same for a handful of rows of one model, in one statement."""
    if rows:
        _store(rows)


def insert_new(row: models.Model) -> bool:
    """The same, unless a unique column has such a value already; whether it was stored."""
    return _store([row], unless=" ON CONFLICT DO NOTHING")


def _store(rows: Sequence[models.Model], unless: str = "") -> bool:
    db = database()
    statement, fields = _statement(type(rows[0]), len(rows), db.vendor, unless)
    stored, _count = statement.run(db, [field.get_db_prep_save(field.pre_save(row, True), db) for row in rows for field in fields])
    if not stored:
        return False
    for row, (pk,) in zip(rows, stored, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS
    return True


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], count: int, vendor: str, unless: str) -> "tuple[Statement, list[models.Field[Any, Any]]]":
    quote, meta = connection.ops.quote_name, model._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns, marks = ", ".join(quote(str(field.column)) for field in fields), f"({', '.join(['%s'] * len(fields))})"
    values, pk = ", ".join([marks] * count), quote(str(meta.pk.column))
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {values}{unless} RETURNING {pk}"  # noqa: S608 - our own names
    return Statement(sql), fields
