"""One SQL text in Django's form and in the driver's own, and running it with as little in between as is safe."""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.utils import DEFAULT_DB_ALIAS


def database() -> BaseDatabaseWrapper:
    """This thread's connection. ``django.db.connection`` looks it up anew at each touch, which adds up over forty columns."""
    return connections[DEFAULT_DB_ALIAS]


class Statement:
    """SQL with ``%s`` for its values. On SQLite the driver's ``?`` is put in once, instead of each time."""

    __slots__ = ("_own", "_sql")

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._own = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")

    def run(self, db: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[list[Any], int]:
        """The rows that it gives (none where it gives none), and how many it touched. Errors are Django's, as ever.

        Who logs or wraps statements (tests, a profiler) sees these like any other.
        """
        if db.queries_logged or db.execute_wrappers:
            with db.cursor() as cursor:
                cursor.execute(self._sql, values)
                return (cursor.fetchall() if cursor.description else []), cursor.rowcount
        db.validate_no_broken_transaction()
        db.ensure_connection()
        with db.wrap_database_errors:
            if db.vendor == "postgresql":
                return self._by_name(db, values)
            raw = db.connection.execute(self._own, values)
            rows = raw.fetchall()  # to its end: a statement that is still open holds up the commit
            return rows, raw.rowcount

    def _by_name(self, db: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[list[Any], int]:
        """On PostgreSQL, which reads and plans what comes again and again once for each connection.

        In a transaction only: where a migration has made a plan wrong, undoing the transaction forgets it.
        """
        cursor = db.Database.Cursor(db.connection)  # type: ignore[attr-defined] # Django's own puts the values into the text
        cursor.execute(self._sql, values, prepare=None if db.in_atomic_block else False)
        return (cursor.fetchall() if cursor.rownumber is not None else []), cursor.rowcount
