"""Whether this process can do its work: what a load balancer asks before it sends people here.

A full disk does not make it unready: reading goes on, sending here is refused in words that lose nothing, and every process has
the same disk or database, so that a balancer that took them all out would turn "nothing can be sent" into "nothing can be read".
"""

from typing import NamedTuple

from django.conf import settings
from django.db import Error, connection

from kefu.system import room

READY, DEGRADED, NOT_READY = "ready", "degraded", "not ready"


class Readiness(NamedTuple):
    """In a word, and what is wrong in words."""

    state: str
    problems: list[str]


def look() -> Readiness:
    """How it stands: ready, degraded (people can read, and nothing can be kept), or not ready. Takes at most some seconds."""
    gone = [words for words in (_database(), _redis()) if words]
    lacking = [words for words in (room.lack(),) if words]
    return Readiness(NOT_READY if gone else DEGRADED if lacking else READY, gone + lacking)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return ""
    except Error as error:
        return f"The database does not answer ({type(error).__name__})."
    finally:
        connection.close_if_unusable_or_obsolete()


def _redis() -> str:
    if not settings.REDIS_URL:
        return ""
    import redis  # an extra: only there when it is used

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
        return ""
    except redis.RedisError as error:
        return f"Redis does not answer ({type(error).__name__})."
