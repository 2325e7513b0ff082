"""Whether the clock can be believed: it may be set by hours at once, by a time server or because the machine slept.

What is counted in this process goes by the monotonic clock. Moments in the database do not: one that lies further ahead than
``AHEAD`` was written by a clock that was wrong, and how long ago somebody was seen says nothing just after a jump.
"""

import time
from datetime import timedelta

from django.utils.timezone import now

AHEAD = timedelta(minutes=2)  # how far the clocks of several machines may differ
STEP = 20.0  # seconds by which the clock must leave the monotonic one to have jumped

_last: tuple[float, float] | None = None
_jumped_at = float("-inf")  # by the monotonic clock


def look(*, wall: float | None = None, monotonic: float | None = None) -> float:
    """Call it every second or so: by how many seconds the clock has jumped since the last call, 0 if it has not."""
    global _last, _jumped_at
    here = (now().timestamp() if wall is None else wall, time.monotonic() if monotonic is None else monotonic)
    before, _last = _last, here
    off = (here[0] - before[0]) - (here[1] - before[1]) if before else 0.0
    if abs(off) < STEP:
        return 0.0
    _jumped_at = here[1]
    return off


def steady_for(span: timedelta, *, monotonic: float | None = None) -> bool:
    """Whether the clock has not jumped for so long, as far as this process has seen."""
    return (time.monotonic() if monotonic is None else monotonic) - _jumped_at >= span.total_seconds()
