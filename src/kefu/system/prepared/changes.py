"""Writing back what has changed in a row since it was read, and nothing else."""

from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection, models

from kefu.system.prepared.statement import Statement, database


class Changes:
    """What a row was when it was read under its lock.

    A column that was written once is written again by every later ``save``: should a part of the transaction have been
    undone meanwhile, nothing is taken for stored that is not.
    """

    __slots__ = ("_stored", "_written")

    def __init__(self, row: models.Model) -> None:
        self._stored = [_frozen(field, row) for field in _fields(type(row))]
        self._written: set[int] = set()

    def save(self, row: models.Model) -> None:
        """Raises DatabaseError when the row is not there any more."""
        fields = _fields(type(row))
        now = [_frozen(field, row) for field in fields]
        changed = [n for n, value in enumerate(now) if n in self._written or value != self._stored[n]]
        if not changed:
            return
        db = database()
        values = [fields[n].get_db_prep_save(fields[n].pre_save(row, False), db) for n in changed]
        if _statement(type(row), tuple(changed), db.vendor).run(db, [*values, row.pk])[1] != 1:
            raise DatabaseError(f"{type(row).__name__} {row.pk} is not there any more.")
        self._written.update(changed)
        self._stored = now


@lru_cache(maxsize=64)
def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


def _frozen(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    """The value, or for one that can be changed in place its picture; deferred columns are None and stay unwritten."""
    value = row.__dict__.get(field.attname)
    return repr(value) if isinstance(value, dict | list) else value


@lru_cache(maxsize=512)
def _statement(model: type[models.Model], changed: tuple[int, ...], vendor: str) -> Statement:
    quote, fields = connection.ops.quote_name, _fields(model)
    columns = ", ".join(f"{quote(str(fields[n].column))} = %s" for n in changed)
    return Statement(f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(str(model._meta.pk.column))} = %s")  # noqa: S608 - our own names
