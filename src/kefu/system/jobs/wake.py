"""Telling sleeping workers that there is work: in this process by an event, between machines by NOTIFY."""

import logging
import threading
from uuid import uuid4

from django.db import connection

from kefu.system import busy
from kefu.system.lightly import LIGHTLY

CHANNEL = "kefu_jobs"
PAUSE = 0.03  # seconds between two notifications of one process

log = logging.getLogger(__name__)
_bell = threading.Event()
_me = uuid4().hex  # this process, as others are told


class _Teller:
    """Sends NOTIFY from a thread of its own, while one is under way once for all that asked meanwhile.

    PostgreSQL lets one transaction with a NOTIFY commit at a time, in the whole server: in the thread of a request, each would
    stand in that line.
    """

    def __init__(self) -> None:
        self._asked, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, on PostgreSQL and where it has not begun."""
        if self._thread or connection.vendor != "postgresql":
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, name="kefu-tell", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._asked.set()
        if self._thread:
            self._thread.join(2.0)
        self._thread = None

    def tell(self) -> bool:
        """False where no thread runs that could."""
        self._asked.set()
        return self._thread is not None

    def _work(self) -> None:
        while not self._stop.is_set():
            self._asked.wait()
            self._asked.clear()
            try:
                _notify()
                self._stop.wait(PAUSE)
            except Exception:
                log.exception("other workers could not be woken; they look by themselves every second")
                connection.close()
                self._stop.wait(2.0)
        connection.close()


teller = _Teller()
when_idle = threading.Event()  # somebody has to look when no page is waited for any more


def now() -> None:
    """Wake the workers. Only a nudge: a worker that misses it finds the work at its next look."""
    _bell.set()
    _tell()


def soon() -> None:
    """There is work that gives way to those who wait for a page: while there are such, the workers of this process sleep on."""
    if busy.is_serving():
        when_idle.set()
    else:
        _bell.set()
    _tell()


def _tell() -> None:
    if connection.vendor == "postgresql" and not teller.tell():
        _notify()


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_notify(%s, %s) WHERE {LIGHTLY}", [CHANNEL, _me])


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
                    for told in raw.notifies(timeout=1.0, stop_after=1):
                        if told.payload != _me:  # our own workers know
                            _bell.set()
        except Exception:
            connection.close()
            stop.wait(2.0)
    connection.close()
