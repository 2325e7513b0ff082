"""Whether this process can do its work: what a load balancer asks before it sends people here."""

from django.conf import settings
from django.db import Error, connection

from kefu.system import room


def missing() -> list[str]:
    """What does not answer, in words; empty when all is well. Takes at most some seconds."""
    return [words for words in (_database(), room.lack(), _redis()) if words]


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
