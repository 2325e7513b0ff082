"""Whether somebody waits for a page of this process just now: then work that nobody waits for gives way.

Python runs one thread at a time, so what jobs compute is taken from those who look at the screen. Giving way is bounded by
whoever asks (``jobs.worker``): a process that is always busy still gets everything done.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_count = 0
_when_idle: list[Callable[[], None]] = []


@contextmanager
def serving() -> Iterator[None]:
    """Around the answering of one request."""
    global _count
    with _guard:
        _count += 1
    try:
        yield
    finally:
        with _guard:
            _count -= 1
            idle = not _count
        if idle:
            for call in _when_idle:
                call()


def is_serving() -> bool:
    return _count > 0


def when_idle(call: Callable[[], None]) -> None:
    """Call this whenever the last request has been answered; it must not take long."""
    if call not in _when_idle:
        _when_idle.append(call)
