"""A commit that does not wait for the disk, for what does no harm where a crash of the database takes it back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# The same as a condition that always holds, for a statement that is a transaction of its own.
LIGHTLY = "set_config('synchronous_commit', 'off', true) = 'off'"


@contextmanager
def committed_lightly() -> Iterator[None]:
    """A short transaction around a note such as "I am at it". PostgreSQL writes it to the disk a moment later, and never before
    what was committed before it. Inside another transaction, and on SQLite, which does not wait anyway, nothing changes."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        yield
