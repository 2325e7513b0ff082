"""All mailboxes read at once: a thread for each, started and ended as the settings change."""

import logging
import threading
import time

from django.db import close_old_connections, connections

from kefu.channels.email.imap import watch
from kefu.channels.email.models import Mailbox

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


class Reader:
    """Beside the job worker, in whatever process that runs. Mailboxes are leased, so that several may run."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: dict[int, threading.Thread] = {}
        self._main: threading.Thread | None = None

    def start(self) -> None:
        self._main = threading.Thread(target=self._look, name="kefu-mail", daemon=True)
        self._main.start()

    def stop(self, seconds: float = 4.0) -> None:
        """End after the mail that is being kept; what was not kept is fetched next time."""
        self._stop.set()
        until = time.monotonic() + seconds
        for thread in (self._main, *self._threads.values()):
            if thread:
                thread.join(max(0.0, until - time.monotonic()))

    def _look(self) -> None:
        while not self._stop.is_set():
            try:
                close_old_connections()
                for pk in Mailbox.objects.filter(active=True).exclude(imap_host="").values_list("pk", flat=True):
                    self._read(pk)
            except Exception:
                log.exception("the mailboxes cannot be listed; trying again")
                connections.close_all()
            self._stop.wait(LOOK_SECONDS)
        connections.close_all()

    def _read(self, pk: int) -> None:
        running = self._threads.get(pk)
        if running and running.is_alive():
            return

        def work() -> None:
            try:
                watch(pk, self._stop)
            except Exception:
                log.exception("mailbox %s: reading ended; it begins again", pk)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work, name=f"kefu-mailbox-{pk}", daemon=True)
        self._threads[pk] = thread
        thread.start()
