"""The worker: threads that claim, run and sleep until woken."""

import logging
import threading
import time
from datetime import timedelta

from django.db import close_old_connections, connection, connections

from kefu.system import busy, room, steady
from kefu.system.jobs import claim, schedule, wake
from kefu.system.jobs.put_right import put_right
from kefu.system.jobs.run import registry, run
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
PATIENCE, AT_ANY_TIME = timedelta(seconds=3), timedelta(0)  # how long jobs give way to those who wait for a page
TOGETHER = 8  # jobs under one lease: each has a transaction of its own, but taking them is one statement
PUT_RIGHT_EVERY = 60  # seconds


class Worker:
    """Embedded in the server, or alone as `kefu worker`. SQLite has one writer, so one thread is best there."""

    def __init__(self, threads: int = 0) -> None:
        self.threads = threads or (1 if connection.vendor == "sqlite" else 2)
        self._stop = threading.Event()
        self._running: list[threading.Thread] = []

    def start(self) -> None:
        busy.when_idle(self._go_on)
        wake.teller.start()
        if connection.vendor == "sqlite":
            with write_turn():
                claim.release_orphans([*registry.local, *registry.gathered])
        targets = [(f"kefu-job-{n}", self._work) for n in range(self.threads)] + [("kefu-clock", self._keep_time)]
        if connection.vendor == "postgresql":
            targets.append(("kefu-listen", lambda: wake.listen(self._stop)))
        for name, target in targets:
            thread = threading.Thread(target=target, name=name, daemon=True)
            thread.start()
            self._running.append(thread)

    def stop(self, seconds: float = 4.0) -> None:
        """Finish what runs, take nothing new; what is cut off runs again when its lease has run out."""
        self._stop.set()
        wake.here()
        until = time.monotonic() + seconds
        for thread in self._running:
            thread.join(max(0.0, until - time.monotonic()))
        wake.teller.stop()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                giving_way = busy.is_serving()
                with write_turn():
                    jobs = claim.claim(
                        TOGETHER, alone=[*registry.network, *registry.gathered], giving_way=PATIENCE if giving_way else AT_ANY_TIME
                    )
                if giving_way and not jobs:
                    wake.when_idle.set()
                for job in jobs:
                    run(job)
                if not jobs:
                    close_old_connections()
                    wake.wait(IDLE_SECONDS)
            except Exception as error:
                _tell(error, "the job queue cannot be read; trying again in 2 s")
                connections.close_all()
                self._stop.wait(2.0)
        connections.close_all()

    def _go_on(self) -> None:
        """Nobody waits for a page any more."""
        if wake.when_idle.is_set():
            wake.when_idle.clear()
            wake.here()

    def _keep_time(self) -> None:
        looks = 0
        known: dict[str, int] = {}
        while not self._stop.wait(1.0):
            try:
                jumped = steady.look()
                if jumped:
                    log.warning("the clock has jumped by %.0f s", jumped)
                    known.clear()
                with write_turn():
                    if jumped or looks % PUT_RIGHT_EVERY == 0:
                        put_right(jumped_back=jumped < 0)
                    looks += 1
                    schedule.enqueue_due(known)
                    claim.release_expired()
            except Exception as error:
                _tell(error, "the schedule cannot be read")
                connections.close_all()
        connections.close_all()


def _tell(error: Exception, words: str) -> None:
    """A full disk is told once a minute: it is full of the log already."""
    if not room.is_full(error):
        log.exception(words)
    elif room.note():
        log.error("%s: %s", words, room.lack())
