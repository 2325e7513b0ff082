"""How often somebody may do something; counted in the cache, so it holds over all processes that share one."""

import time

from django.core.cache import cache


def exceeded(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more try of ``who``; True when this window of ``seconds`` has had more than ``limit``."""
    window = int(time.time() // seconds)
    key = f"rate:{what}:{who}:{window}"
    if cache.add(key, 1, timeout=seconds * 2):
        return limit < 1
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # it expired between the two calls
        return False
