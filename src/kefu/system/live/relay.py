"""Between processes: Redis carries "channel has seq", never content that is stored.

Every message says which process it is from, so that its own come back unheard. A message that does not arrive is made
good by the periodic check; after Redis was gone, everything that is watched is checked at once.
"""

import asyncio
import json
import logging
import os
import queue
import threading
from typing import Any

from django.conf import settings

from kefu.system.live import holders, hub

log = logging.getLogger(__name__)

CHANNEL = "kefu:live"
MOST_WAITING = 10_000  # messages kept while Redis is slow; what comes then is dropped, and repaired later
SILENCE = 15.0  # seconds without a word from Redis; then it is asked whether it is there
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds between tries while Redis is gone

_me = f"{os.getpid()}-{os.urandom(4).hex()}"
_outbox: queue.Queue[str] = queue.Queue(MOST_WAITING)
_publisher: threading.Thread | None = None
_starting = threading.Lock()


def publish(message: dict[str, Any]) -> None:
    """Tell the other processes. Never waits: a thread of its own talks to Redis, so that its troubles are not ours."""
    global _publisher
    if not settings.REDIS_URL:
        return
    if _publisher is None:
        with _starting:
            if _publisher is None:
                _publisher = threading.Thread(target=_publish_all, name="kefu-relay", daemon=True)
                _publisher.start()
    try:
        _outbox.put_nowait(json.dumps({**message, "p": _me}, separators=(",", ":")))
    except queue.Full:
        log.warning("live updates for other processes were dropped: Redis does not keep up")


def flush(seconds: float = 1.0) -> None:
    """Wait until everything has been told, or for ``seconds``: for a process that ends."""
    done = threading.Thread(target=_outbox.join, daemon=True)
    done.start()
    done.join(seconds)


def _publish_all() -> None:
    import redis  # an extra: only there when it is used

    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    gone = False
    while True:
        messages = [_outbox.get()]
        while len(messages) < 100 and not _outbox.empty():
            messages.append(_outbox.get())
        try:
            pipe = client.pipeline(transaction=False)
            for message in messages:
                pipe.publish(CHANNEL, message)
            pipe.execute()
            gone = False
        except redis.RedisError as error:
            if not gone:
                log.warning("live updates do not reach other processes: %s", type(error).__name__)
            gone = True
        for _ in messages:
            _outbox.task_done()


async def listen() -> None:
    """Turn what other processes tell into rings of our own; comes back by itself when Redis does."""
    if not settings.REDIS_URL:
        return
    import redis.asyncio  # an extra: only there when it is used

    tries = 0
    while True:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        try:
            async with client.pubsub() as subscription:
                await subscription.subscribe(CHANNEL)
                async for message in _messages(subscription):
                    tries = 0
                    if message["type"] == "subscribe":
                        hub.check_all()  # what was told while nobody listened
                    elif message["type"] == "message":
                        heard(json.loads(message["data"]))
        except (redis.RedisError, OSError, TimeoutError) as error:
            if not tries:
                log.warning("Redis is gone (%s): live updates of other processes come late", type(error).__name__)
        finally:
            await client.aclose()
        await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
        tries += 1


async def _messages(subscription: Any) -> Any:
    """What arrives; raises TimeoutError when Redis is silent and does not answer either."""
    asked = False
    while True:
        message = await subscription.get_message(timeout=SILENCE)
        if message:
            asked = False
            yield message
        elif asked:
            raise TimeoutError
        else:
            await subscription.ping()
            asked = True


def heard(message: dict[str, Any]) -> None:
    """A message of another process; on the event loop."""
    if message.get("p") == _me:
        return
    if "e" in message:
        holders.ended(message["e"])
    elif "n" in message:
        hub.whispered(message["c"], message["n"], message["d"], message.get("v"))
    else:
        hub.rung(message["c"], message["s"])
