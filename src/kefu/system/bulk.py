"""Very many rows at once: COPY on PostgreSQL, one prepared statement on SQLite; the models' signals and checks are not asked."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models


class Table:
    """Rows for a model's table. ``columns`` are the fields that differ from row to row; the others take their defaults."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.model = model
        fields = {field.name: field for field in model._meta.concrete_fields}
        given = [fields[name] for name in columns]
        rest = [f for name, f in fields.items() if name not in columns and not (f.primary_key and isinstance(f, models.AutoField))]
        self.names = [str(field.column) for field in (*given, *rest)]
        self.converters = [converter(field) for field in given]
        defaults = [converter(field)(field.get_default()) for field in rest]
        self.tail = tuple(defaults)
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """One row, in the order of ``columns``; nothing is written yet."""
        self.rows.append(tuple(convert(value) for convert, value in zip(self.converters, values, strict=True)) + self.tail)

    def write(self) -> int:
        """Write what was added, in the caller's transaction; returns how many."""
        rows, self.rows = self.rows, []
        insert(self.model._meta.db_table, self.names, rows)
        return len(rows)


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows as the database takes them, into one table."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({marks})", list(rows))  # noqa: S608 - names of our own models


def reserve(model: type[models.Model], count: int) -> int:
    """The first of ``count`` ids that no other writer will be given.

    Call in the transaction that writes the rows: SQLite has one writer at a time, PostgreSQL's sequence is moved on.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f"SELECT COALESCE(MAX({column}), 0) FROM {table}")  # noqa: S608 - names of our own models
            highest = int(cursor.fetchone()[0])
            cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            return max(highest, int(cursor.fetchone()[0])) + 1  # ids of deleted rows are not given out again
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, column])
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, first + count - 1])
        return first


def converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """How a value of a field is written: JSON as text everywhere, moments and UUIDs as SQLite's backend keeps them."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if connection.vendor == "postgresql":
        return _as_it_is
    return _for_sqlite


def _as_it_is(value: Any) -> Any:
    return value


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.hex if isinstance(value, UUID) else value
