"""The shared cache in Redis, which may be gone for a while: then each process remembers by itself, and nobody is sent away.

What is cached can be had again, and what is counted (how often somebody may try) is counted in each process meanwhile,
so an outage opens no door for guessing; a sign-in code sent before it is not known during it, and has to be sent anew.
"""

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds until Redis is asked again after it did not answer


class SturdyRedisCache(RedisCache):
    """Redis, and the memory of this process while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        own = {name: value for name, value in params.items() if name != "OPTIONS"}
        self._own = LocMemCache("while-redis-is-gone", own)
        self._ask_again = 0.0  # by the monotonic clock


def _sturdy(name: str) -> Any:
    ask = getattr(RedisCache, name)

    def call(self: SturdyRedisCache, *args: Any, **values: Any) -> Any:
        if time.monotonic() >= self._ask_again:
            try:
                return ask(self, *args, **values)
            except RedisError as error:
                log.warning("Redis does not answer (%s): this process remembers by itself", type(error).__name__)
                self._ask_again = time.monotonic() + PAUSE
        return getattr(self._own, name)(*args, **values)

    return call


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(SturdyRedisCache, _name, _sturdy(_name))
