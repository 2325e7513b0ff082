"""Serving: uvicorn in our own process, and the embedded workers beside it."""

import asyncio
import signal
from collections.abc import Callable

import uvicorn
from django.conf import settings

from kefu.environment import SettingError
from kefu.system.jobs.worker import Worker
from kefu.system.live import stream


class Server(uvicorn.Server):
    """Uvicorn that ends the open streams first: they would keep it waiting otherwise."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: "list | None" = None) -> None:  # type: ignore[type-arg]
        await super().startup(sockets)
        if self.ready and self.started:
            self.ready()

    async def shutdown(self, sockets: "list | None" = None) -> None:  # type: ignore[type-arg]
        stream.end_all()
        await super().shutdown(sockets)


def serve(
    host: str,
    port: int,
    *,
    workers_in_process: bool,
    processes: int = 1,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; ends within seconds. Raises SettingError for several processes without Redis."""
    if processes > 1:
        if not settings.REDIS_URL:
            raise SettingError("Several processes need KEFU_REDIS_URL: live updates travel between them by Redis.")
        if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
            raise SettingError("Several processes need PostgreSQL: set KEFU_DATABASE_URL.")
    config = uvicorn.Config(
        "kefu.asgi:application",
        host=host,
        port=port,
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=4,
        server_header=False,
        workers=processes,
    )
    worker = Worker() if workers_in_process and processes == 1 else None
    if worker:
        worker.start()
    try:
        if processes > 1:
            uvicorn.run(
                "kefu.asgi:application", host=host, port=port, workers=processes, access_log=False,
                log_level="warning", timeout_graceful_shutdown=4,
            )  # fmt: skip
        else:
            asyncio.run(Server(config, ready).serve())
    finally:
        if worker:
            worker.stop()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
