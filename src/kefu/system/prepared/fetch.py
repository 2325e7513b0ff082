"""Reading rows by a queryset that was compiled once."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators
from django.db.utils import DEFAULT_DB_ALIAS

from kefu.system.prepared.places import Places, sample
from kefu.system.prepared.statement import Statement, database

M = TypeVar("M", bound=models.Model)


class _Compiled(Generic[M]):
    """The SQL of one queryset, where its values go, and how its rows become models."""

    def __init__(self, queryset: "models.QuerySet[M]", samples: Sequence[Any]) -> None:
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        self.statement = Statement(sql)
        self.places = Places(given, samples)
        select, info = compiler.select, compiler.klass_info
        own = info["select_fields"]
        self.model, self.begin, self.end = info["model"], own[0], own[-1] + 1
        self.names = [column[0].target.attname for column in select[self.begin : self.end]]
        self.converters = list(compiler.get_converters([column[0] for column in select]).items())
        self.related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def run(self, db: BaseDatabaseWrapper, values: Sequence[Any]) -> list[M]:
        return [self._model(db, list(row)) for row in self.statement.run(db, self.places.filled(values))[0]]

    def _model(self, db: BaseDatabaseWrapper, row: list[Any]) -> M:
        for place, (converters, expression) in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, db)
        found: M = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.begin : self.end])
        for populator in self.related:
            populator.populate(row, found)
        return found


class Fetch(Generic[M]):
    """``build`` makes the queryset from one value for each of ``fields``, the model fields that the values are compared with:

        by_uid = Fetch(lambda uid: Conversation.objects.filter(uid=uid), Conversation._meta.get_field("uid"))

    A queryset with ``select_related`` and ``select_for_update`` is fine (then call it in a transaction, as ever); one with
    ``prefetch_related``, ``only``, annotations, or a value that is a list or None is not.
    """

    def __init__(self, build: "Callable[..., models.QuerySet[M]]", *fields: "models.Field[Any, Any]") -> None:
        self._build, self._fields = build, fields
        self._compiled: _Compiled[M] | None = None

    def all(self, *values: Any) -> list[M]:
        """The rows for these values."""
        db = database()
        if self._compiled is None:
            samples = [sample(field, n) for n, field in enumerate(self._fields)]
            prepared = [field.get_db_prep_value(one, db) for field, one in zip(self._fields, samples, strict=True)]
            self._compiled = _Compiled(self._build(*samples), prepared)
        return self._compiled.run(db, [field.get_db_prep_value(value, db) for field, value in zip(self._fields, values, strict=True)])

    def first(self, *values: Any) -> M | None:
        """The first row, None where there is none. Let the queryset end at one (``[:1]``) where it may have many."""
        return next(iter(self.all(*values)), None)
