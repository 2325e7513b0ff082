"""`kefu worker`: jobs and mailboxes in a process of its own; run as many as needed, on any machine."""

import signal
import threading

from kefu.channels.email.reader import Reader
from kefu.cli.main import parser
from kefu.system.collector import spare_what_is_here
from kefu.system.jobs.worker import Worker


def main(arguments: list[str]) -> int:
    options = parser("worker", __doc__ or "")
    options.add_argument("--threads", type=int, default=0)
    given = options.parse_args(arguments)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    worker = Worker(given.threads)
    reader = Reader()
    worker.start()
    reader.start()
    spare_what_is_here()
    print(f"Working with {worker.threads} thread(s).", flush=True)
    stop.wait()
    reader.stop()
    worker.stop()
    return 0
