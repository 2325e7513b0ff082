"""Reading single columns by a ``values_list`` that was compiled once."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.utils import DEFAULT_DB_ALIAS

from kefu.system.prepared.places import Places, sample
from kefu.system.prepared.statement import Statement, database


class Values:
    """As ``Fetch``, for querysets that end in ``values_list``: tuples instead of models. To ask whether there is any row,
    let it end in ``.values_list("pk")[:1]``:

        has_any = Values(lambda c: Message.objects.filter(conversation=c).values_list("pk")[:1], Message._meta.get_field("conversation"))
    """

    def __init__(self, build: "Callable[..., models.QuerySet[Any, Any]]", *fields: "models.Field[Any, Any]") -> None:
        self._build, self._fields = build, fields
        self._compiled: tuple[Statement, Places, list[Any]] | None = None

    def all(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        db = database()
        statement, places, converters = self._compiled or self._compile()
        prepared = [field.get_db_prep_value(value, db) for field, value in zip(self._fields, values, strict=True)]
        rows, _count = statement.run(db, places.filled(prepared))
        return [_converted(row, converters) for row in rows] if converters else rows

    def first(self, *values: Any) -> tuple[Any, ...] | None:
        """The first row, None where there is none. Let the queryset end at one (``[:1]``) where it may have many."""
        return next(iter(self.all(*values)), None)

    def _compile(self) -> tuple[Statement, Places, list[Any]]:
        samples = [sample(field, n) for n, field in enumerate(self._fields)]
        prepared = [field.get_db_prep_value(one, connection) for field, one in zip(self._fields, samples, strict=True)]
        compiler = self._build(*samples).query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())
        self._compiled = Statement(sql), Places(given, prepared), converters
        return self._compiled


def _converted(row: Any, converters: list[Any]) -> tuple[Any, ...]:
    values = list(row)
    for place, (converts, expression) in converters:
        for convert in converts:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
