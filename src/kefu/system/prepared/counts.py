"""How many rows several querysets have, in one statement and up to a limit."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from kefu.system.prepared.places import Places, sample
from kefu.system.prepared.statement import Statement, database


class Counts:
    """``build`` makes the querysets by name from one value for each of ``fields``, as for ``Fetch``. Counted is up to
    ``most``: a database need not walk through a year to say "many"."""

    def __init__(self, build: "Callable[..., Mapping[str, models.QuerySet[Any]]]", *fields: "models.Field[Any, Any]", most: int) -> None:
        self._build, self._fields, self._most = build, fields, most
        self._compiled: tuple[Statement, Places, dict[str, int], list[str]] | None = None

    def run(self, *values: Any) -> dict[str, int]:
        """By name: how many rows, ``most`` where there are as many or more."""
        db = database()
        statement, places, none, names = self._compiled or self._compile()
        given = [field.get_db_prep_value(value, db) for field, value in zip(self._fields, values, strict=True)]
        row = statement.run(db, places.filled(given))[0][0] if names else ()
        return none | dict(zip(names, row, strict=True))

    def _compile(self) -> tuple[Statement, Places, dict[str, int], list[str]]:
        samples = [sample(field, n) for n, field in enumerate(self._fields)]
        wanted = self._build(*samples)
        sql, given, names = _statement(wanted, self._most)
        prepared = [field.get_db_prep_value(one, connection) for field, one in zip(self._fields, samples, strict=True)]
        self._compiled = Statement(sql), Places(given, prepared), dict.fromkeys(wanted, 0), names
        return self._compiled


def count(wanted: "Mapping[str, models.QuerySet[Any]]", *, most: int) -> dict[str, int]:
    """The same for querysets that are other ones each time."""
    sql, given, names = _statement(wanted, most)
    row: tuple[int, ...] = ()
    if names:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            row = cursor.fetchone()
    return dict.fromkeys(wanted, 0) | dict(zip(names, row, strict=True))


def _statement(wanted: "Mapping[str, models.QuerySet[Any]]", most: int) -> tuple[str, list[Any], list[str]]:
    """The SQL, its parameters, and the names of its columns: those of querysets that can have rows at all."""
    parts: list[str] = []
    values: list[Any] = []
    names: list[str] = []
    for name, rows in wanted.items():
        try:
            sql, parameters = rows.order_by().values("pk")[:most].query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) part)")  # noqa: S608 - as the ORM wrote it, with its parameters
        values.extend(parameters)
        names.append(name)
    return f"SELECT {', '.join(parts)}", values, names
