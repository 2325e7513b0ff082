"""SQLite: folding the write-ahead log into the database file, beside the requests instead of inside one of them.

SQLite does it at a commit, when the log has grown to 4 MB: whoever commits then waits for the disk, twice, which under
load was every hundredth message. A thread of its own does the same without holding anybody up.
"""

import logging
import threading
from pathlib import Path

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

SECONDS = 1.0  # between looks at the log
LARGE = 16 * 1024 * 1024  # bytes of the log that are worth the disk's time


class Folding:
    """Does nothing where the database is another one."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if connection.vendor == "sqlite":
            self._thread = threading.Thread(target=self._work, name="kefu-folding", daemon=True)
            self._thread.start()

    def stop(self, seconds: float = 4.0) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(seconds)

    def _work(self) -> None:
        journal = Path(f"{connection.settings_dict['NAME']}-wal")
        while not self._stop.wait(SECONDS):
            try:
                if journal.exists() and journal.stat().st_size >= LARGE:
                    fold()
            except (DatabaseError, OSError) as error:
                log.warning("the write-ahead log could not be folded: %s", error)
        connection.close()


def fold() -> tuple[int, int]:
    """(pages in the log, pages that are in the file by now). PASSIVE: waits for nobody, and nobody waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _busy, pages, folded = cursor.fetchone()
    return int(pages), int(folded)
