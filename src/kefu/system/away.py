"""The database does not answer: known from every other error, so that people are told to come back and not that something broke."""

from django.db import InterfaceError, OperationalError

# SQLSTATE classes of PostgreSQL: 08 the connection, 57P it shuts down or starts, 53300 too many connections.
GONE = ("08", "57P", "53300")


def is_away(error: BaseException | None) -> bool:
    """Whether ``error``, or what it came from, says that there was no connection to the database."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (OperationalError, InterfaceError)) and error.__cause__ is not None:
            state = getattr(error.__cause__, "sqlstate", "sqlite")  # SQLite's errors have none, those of a lost connection an empty one
            if state is None or state.startswith(GONE) or type(error.__cause__).__name__ == "PoolTimeout":
                return True
        error = error.__cause__ or error.__context__
    return False
