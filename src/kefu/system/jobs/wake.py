"""Telling sleeping workers that there is work: in this process by an event, between machines by NOTIFY."""

import threading

from django.db import connection

CHANNEL = "kefu_jobs"

_bell = threading.Event()


def now() -> None:
    """Wake the workers. Only a nudge: a worker that misses it finds the work at its next look."""
    _bell.set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def here() -> None:
    """Wake the workers of this process only."""
    _bell.set()


def wait(seconds: float) -> None:
    """Sleep until woken, or for ``seconds``."""
    _bell.wait(seconds)
    _bell.clear()


def listen(stop: threading.Event) -> None:
    """PostgreSQL: turn notifications of other processes into our own bell, until ``stop`` is set."""
    while not stop.is_set():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
                raw = connection.connection
                while not stop.is_set():
                    for _ in raw.notifies(timeout=1.0, stop_after=1):
                        _bell.set()
        except Exception:
            connection.close()
            stop.wait(2.0)
    connection.close()
