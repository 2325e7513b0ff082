"""Serving: uvicorn in our own process, and the embedded workers beside it."""

import asyncio
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import socket

import uvicorn
from django.conf import settings

from kefu.channels.email.reader import Reader
from kefu.environment import SettingError
from kefu.system.folding import Folding
from kefu.system.jobs.worker import Worker
from kefu.system.live import relay
from kefu.system.live.wire import Wire

GRACE = 4  # seconds that requests under way get when the server ends; streams end at once
SWITCH_SECONDS = 0.0005  # how long a busy thread may keep the event loop waiting; Python's default is ten times that


class Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and ends the embedded workers while requests under way end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None, beside: Sequence["Worker | Reader | Folding"]) -> None:
        super().__init__(config)
        self.ready, self.beside = ready, beside

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.ready and self.started:
            self.ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        endings = [asyncio.to_thread(one.stop, GRACE) for one in self.beside]
        await asyncio.gather(super().shutdown(sockets), *endings)


def serve(
    host: str,
    port: int,
    *,
    workers_in_process: bool,
    processes: int = 1,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then end within 5 s. ``ready`` is called when the port is open.

    ``workers_in_process``: jobs are done and mailboxes are read here too. Raises SettingError for several processes without Redis.
    """
    if processes > 1:
        _require_shared_services()
    allow_many_connections()
    sys.setswitchinterval(SWITCH_SECONDS)
    config = uvicorn.Config(
        "kefu.asgi:application",
        host=host,
        port=port,
        http=Wire,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,  # who asks is read with KEFU_PROXIES in mind, in kefu.system.bridge
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        workers=processes,
    )
    beside: list[Worker | Reader | Folding] = [Folding()]
    if workers_in_process:
        beside += [Worker(), Reader()]
    for one in beside:
        one.start()
    try:
        if processes > 1:
            _serve_in_processes(config)
        else:
            _end_quietly()
            Server(config, ready, beside).run()
    finally:
        for one in beside:
            one.stop(GRACE)
        relay.flush()


def _serve_in_processes(config: uvicorn.Config) -> None:
    """This process keeps ``config.workers`` others alive, which share the port; jobs are done here, beside them."""
    uvicorn.supervisors.Multiprocess(config, sockets=[config.bind_socket()]).run()


def _require_shared_services() -> None:
    if not settings.REDIS_URL:
        raise SettingError("Several processes need KEFU_REDIS_URL: live updates travel between them by Redis.")
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        raise SettingError("Several processes need PostgreSQL: set KEFU_DATABASE_URL.")


def allow_many_connections() -> None:
    """Use as many open files as the system allows: every open stream is one, and the usual start is 1,024."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end_quietly() -> None:
    """Uvicorn raises the signal that ended it once more when all is done; by then it has been obeyed."""
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)
