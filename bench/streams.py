"""Many light clients in one process: readers of event streams, and keep-alive connections that post."""

import asyncio
import contextlib
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

LENGTH = re.compile(rb"content-length: (\d+)", re.I)


def allow_many_files() -> None:
    """Raise the limit of open files to what the system lets us have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def resident(pid: int) -> float:
    """Memory that a process holds, in KB."""
    return float(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def threads(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


class Watcher(asyncio.Protocol):
    """An open event stream. ``on_data(bytes, seconds)`` is called with what arrives after the head."""

    def __init__(self, path: str, on_data: Callable[[bytes, float], None], last: str = "") -> None:
        self.on_data = on_data
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n{header}\r\n".encode()
        self.head = b""
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        if not self.opened.done():
            self.head += data
            head, found, data = self.head.partition(b"\r\n\r\n")
            if not found:
                return
            self.opened.set_result(int(head.split(b" ", 2)[1]))
        if data:
            self.on_data(data, at)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(0)

    def close(self) -> None:
        self.transport.close()


async def watch(port: int, path: str, on_data: Callable[[bytes, float], None], last: str = "") -> Watcher:
    """Open a stream and wait for its head; raises when it is refused."""
    _, watcher = await asyncio.get_running_loop().create_connection(lambda: Watcher(path, on_data, last), "127.0.0.1", port)
    status = await watcher.opened
    if status != 200:
        raise ConnectionError(f"the stream answered {status}")
    return watcher


async def watch_all(port: int, wanted: list[tuple[str, Callable[[bytes, float], None]]], at_once: int = 100) -> list[Watcher]:
    """Open many streams, ``at_once`` at a time."""
    turn = asyncio.Semaphore(at_once)

    async def one(path: str, on_data: Callable[[bytes, float], None]) -> Watcher:
        async with turn:
            return await watch(port, path, on_data)

    return await asyncio.gather(*(one(path, on_data) for path, on_data in wanted))


class Poster(asyncio.Protocol):
    """A keep-alive connection that sends one request after the other."""

    def __init__(self) -> None:
        self.buffer = b""
        self.turn = asyncio.Lock()
        self.waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        if (len(body) >= int(length[1])) if length else body.endswith(b"0\r\n\r\n"):
            self.buffer = b""
            if self.waiting and not self.waiting.done():
                self.waiting.set_result((int(head.split(b" ", 2)[1]), body))

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(ConnectionError("the server closed the connection"))

    async def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded", headers: str = "") -> tuple[int, bytes]:
        """Status and body of the answer. ``headers``: more of them, each ending its line."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nX-Requested-With: fetch\r\n"
            f"{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        async with self.turn:
            self.waiting = asyncio.get_running_loop().create_future()
            self.transport.write(head.encode() + body)
            return await asyncio.wait_for(self.waiting, 30)


async def poster(port: int) -> Poster:
    return (await asyncio.get_running_loop().create_connection(Poster, "127.0.0.1", port))[1]


async def at_pace(count: int, rate: float, act: Callable[[int], "asyncio.Future[None] | asyncio.Task[None]"]) -> None:
    """Call ``act(n)`` ``count`` times, ``rate`` a second, without waiting for one to end before the next; then wait for all.

    An open loop: a slow server gets no rest, and its delay is not hidden by clients that wait.
    """
    start, running = time.perf_counter(), []
    for n in range(count):
        wait = start + n / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        running.append(act(n))
    for one in running:
        with contextlib.suppress(ConnectionError):
            await one
