"""One writer at a time inside a process, where the database allows one only.

SQLite lets a second writer sleep and retry, which under load costs most of a second; waiting in line here costs what those
in front need. It is a line and no lock: a worker with many jobs would take a lock again the moment it has let go of it, and
a request that waits would get its turn when the jobs are done.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Line:
    """Whoever asks first is next; who has the turn may take it again inside."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self._owner, self._depth = 0, 0

    def enter(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner in (0, me):
                self._owner, self._depth = me, self._depth + 1
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append((me, called))
        called.acquire()  # whoever leaves hands the turn on

    def leave(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._owner = 0
            if self._waiting:
                self._owner, called = self._waiting.popleft()
                self._depth = 1
                called.release()


_line = Line()


@contextmanager
def write_turn() -> Iterator[None]:
    """Hold the process's write turn on SQLite; does nothing on other databases."""
    if connection.vendor != "sqlite":
        yield
        return
    _line.enter()
    try:
        yield
    finally:
        _line.leave()
