"""Between processes: Redis carries "channel has seq", never content that is stored."""

import asyncio
import json
import logging
import os
import threading
from typing import Any

from django.conf import settings

from kefu.system.live import hub

log = logging.getLogger(__name__)

CHANNEL = "kefu:live"
_me = f"{os.getpid()}-{os.urandom(4).hex()}"
_client: Any = None
_lock = threading.Lock()


def publish(message: dict[str, Any]) -> None:
    """Tell the other processes; without Redis, or while it is gone, nobody is told and the periodic check repairs it."""
    global _client
    if not settings.REDIS_URL:
        return
    try:
        with _lock:
            if _client is None:
                import redis  # an extra: only there when it is used

                _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        _client.publish(CHANNEL, json.dumps({**message, "p": _me}, separators=(",", ":")))
    except Exception as error:
        log.warning("live updates do not reach other processes: %s", type(error).__name__)


async def listen() -> None:
    """Turn what other processes tell into rings of our own; comes back by itself when Redis does."""
    if not settings.REDIS_URL:
        return
    import redis.asyncio  # an extra: only there when it is used

    pause = 0.5
    while True:
        try:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
            pubsub = client.pubsub()
            await pubsub.subscribe(CHANNEL)
            hub.check_all()
            pause = 0.5
            async for item in pubsub.listen():
                if item["type"] == "message":
                    heard(json.loads(item["data"]))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("Redis is gone (%s); trying again", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)


def heard(message: dict[str, Any]) -> None:
    if message.get("p") == _me:
        return
    if "n" in message:
        hub._whispered(message["c"], message["n"], message["d"])
    else:
        hub._rung(message["c"], message["s"])
