"""Changing the rows of a queryset by a statement that was compiled once."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, models
from django.db.models.sql import UpdateQuery
from django.db.utils import DEFAULT_DB_ALIAS

from kefu.system.prepared.places import Places, sample
from kefu.system.prepared.statement import Statement, database


class Update:
    """``build`` makes the queryset from one value for each of ``fields``, as for ``Fetch``; what becomes of its rows is
    named by the columns of ``changed``:

        begin = Update(lambda pk: Delivery.objects.filter(pk=pk), Delivery._meta.get_field("id"), changed=("state", "due_at"))
        begin.run({"state": "sending", "due_at": later}, pk)
    """

    def __init__(self, build: "Callable[..., models.QuerySet[Any]]", *fields: "models.Field[Any, Any]", changed: tuple[str, ...]) -> None:
        self._build, self._where, self._changed = build, fields, changed
        self._compiled: tuple[Statement, Places, list[models.Field[Any, Any]]] | None = None

    def run(self, changes: Mapping[str, Any], *values: Any) -> int:
        """How many rows were changed. ``changes`` has a value for each name of ``changed``."""
        db = database()
        statement, places, fields = self._compiled or self._compile()
        given = [*(changes[name] for name in self._changed), *values]
        prepared = [field.get_db_prep_save(value, db) for field, value in zip(fields, given, strict=True)]
        return statement.run(db, places.filled(prepared))[1]

    def _compile(self) -> "tuple[Statement, Places, list[models.Field[Any, Any]]]":
        model = self._build(*[sample(field, n) for n, field in enumerate(self._where, len(self._changed))]).model
        fields = [*(model._meta.get_field(name) for name in self._changed), *self._where]
        samples = [sample(field, n) for n, field in enumerate(fields)]
        query = self._build(*samples[len(self._changed) :]).query.chain(UpdateQuery)
        query.add_update_values(dict(zip(self._changed, samples, strict=False)))  # type: ignore[attr-defined]
        sql, given = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        prepared = [field.get_db_prep_save(one, connection) for field, one in zip(fields, samples, strict=True)]
        self._compiled = Statement(sql), Places(given, prepared), fields
        return self._compiled
