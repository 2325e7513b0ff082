"""The live side of a serving process, from its start to its end: hub, relay, heartbeat, repair."""

import asyncio
from contextlib import suppress

from django.conf import settings

from kefu.system.jobs import wake
from kefu.system.live import hub, relay, stream

CHECK_SECONDS = 5  # how long a lost notification can stay unnoticed

_tasks: list[asyncio.Task[None]] = []


def start() -> None:
    """Begin; on the event loop that serves."""
    hub.start(asyncio.get_running_loop())
    wake.teller.start()
    _tasks.extend(asyncio.create_task(work) for work in (relay.listen(), _repair(), _heartbeat()))


async def stop() -> None:
    """End every stream and everything that ``start`` began."""
    stream.end_all()
    for task in _tasks:
        task.cancel()
    for task in _tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
    _tasks.clear()
    hub.stop()


async def _repair() -> None:
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        hub.check_all()


async def _heartbeat() -> None:
    while True:
        await asyncio.sleep(settings.LIVE_HEARTBEAT_SECONDS)
        await stream.beat()
