"""One writer at a time inside a process, where the database allows one only.

SQLite lets a second writer sleep and retry, which under load costs most of a second; waiting in line for a lock of
our own costs what the first writer needs.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_lock = threading.RLock()


@contextmanager
def write_turn() -> Iterator[None]:
    """Hold the process's write turn on SQLite; does nothing on other databases."""
    if connection.vendor != "sqlite":
        yield
        return
    with _lock:
        yield
