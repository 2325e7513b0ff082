"""One stream's connection: a watcher that takes nothing is dropped, the others are served; the end is orderly."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from kefu.system import live
from kefu.system.live import Watch, grant, holders, hub, sources
from kefu.system.live.sources import LiveEvent
from kefu.system.live.stream import MOST_WAITING, TRANSPORT, Stream, application, beat


class Rows:
    """A source over a list, whose reads can be made to fail."""

    def __init__(self):
        self.texts, self.broken, self.reads = [], False, 0

    def read(self, channel, variant, after):
        self.reads += 1
        if self.broken:
            raise OSError("the database is gone")
        return [LiveEvent(n + 1, "message", f"{variant} {text}") for n, text in enumerate(self.texts) if n >= after]

    def heads(self, channels):
        if self.broken:
            raise OSError("the database is gone")
        return {channel: len(self.texts) for channel in channels}


class Streams:
    """Real connections over loopback, each written to by a Stream."""

    kept: list = []  # a writer that nobody holds closes its connection

    async def open(self, *watches, limit=2**16):
        made = asyncio.get_running_loop().create_future()

        class Server(asyncio.Protocol):
            def connection_made(self, transport):
                made.set_result(transport)

        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1], limit=limit)
        stream = Stream(await made, list(watches))
        for watch in watches:
            hub.join(stream, watch.channel, watch.variant, watch.after)
        server.close()
        self.kept.append(writer)
        return stream, reader, writer


@pytest.fixture
def rows(monkeypatch):
    rows = Rows()
    monkeypatch.setitem(sources._sources, "t", sources.Source(rows.read, rows.heads))
    monkeypatch.setitem(sources._sources, "quiet", sources.Source(rows.read, lambda channels: dict.fromkeys(channels, 1)))
    return rows


def on_the_hub(work):
    """Run a coroutine function with a hub around it."""

    async def around():
        hub.start(asyncio.get_running_loop())
        try:
            await asyncio.wait_for(work(), 30)
        finally:
            hub.stop()
            Streams.kept.clear()

    with ThreadPoolExecutor(1) as pool:  # a thread without a loop: a browser test of this process may have left one here
        pool.submit(asyncio.run, around()).result()


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


def all_have_joined():
    feeds = [feed for by_variant in hub._feeds.values() for feed in by_variant.values()]
    return feeds and not any(feed.joining for feed in feeds)


def test_a_watcher_that_takes_nothing_is_dropped_and_the_others_are_served(rows):
    async def work():
        stuck, reader, writer = await Streams().open(Watch("t/1", "v"), limit=1024)
        reader._transport.pause_reading()
        lively, heard, _ = await Streams().open(Watch("t/1", "v"))
        sent, size = 0, 64 * 1024
        while not stuck.transport.is_closing():
            assert sent * size < 64 * 2**20, "more lies in wait than any kernel buffers"
            hub.whispered("t/1", "big", "x" * size)
            sent += 1
            while lively.transport.get_write_buffer_size():
                assert await heard.read(2**20)
        hub.whispered("t/1", "last", "words")
        await until_read(heard, b"data: words")
        assert not lively.transport.is_closing()
        assert MOST_WAITING < sent * size

    on_the_hub(work)


async def until_read(reader, wanted):
    tail = b""
    while wanted not in tail:
        piece = await reader.read(2**20)
        assert piece, "the stream ended"
        tail = tail[-200:] + piece


def test_an_ended_stream_ends_its_response_whole(rows):
    async def work():
        stream, reader, _ = await Streams().open(Watch("t/1", "v"))
        stream.end()
        assert (await reader.read()).endswith(b"0\r\n\r\n")
        stream.write(b"too late")  # nobody is there any more: no error

    on_the_hub(work)


def test_whispers_reach_the_audiences_they_are_for(rows):
    async def work():
        _, customer, _ = await Streams().open(Watch("t/1", "customer:en"))
        _, agent, _ = await Streams().open(Watch("t/1", "agent:en"))
        hub.whispered("t/1", "typing", "to agents", {"agent"})
        hub.whispered("t/1", "typing", "to English customers", ["customer:en"])
        hub.whispered("t/1", "typing", "to all")
        assert b"to agents" not in await read_to(customer, b"to all")
        assert b"to English customers" not in await read_to(agent, b"to all")

    on_the_hub(work)


async def read_to(reader, wanted):
    found = b""
    while wanted not in found:
        found += await reader.read(2**16)
    return found


def test_a_channel_is_read_once_for_all_who_watch_it(rows):
    async def work():
        opened = [await Streams().open(Watch("t/1", "v")) for _ in range(20)]
        await until(all_have_joined)
        before = rows.reads
        rows.texts.append("hello")
        hub.ring("t/1", 1)
        for _, reader, _ in opened:
            await until_read(reader, b"data: v hello")
        assert rows.reads == before + 1

    on_the_hub(work)


def test_a_lost_ring_is_repaired_by_the_check_and_a_quiet_channel_costs_no_read(rows):
    async def work():
        rows.texts.append("old")
        _, reader, _ = await Streams().open(Watch("t/1", "v", after=1))
        await Streams().open(Watch("quiet/1", "v", after=1))
        await until(all_have_joined)
        rows.texts.append("unheard")
        hub.check_all()
        await until_read(reader, b"data: v unheard")
        assert rows.reads == 1

    on_the_hub(work)


def test_what_could_not_be_read_comes_with_the_next_check(rows):
    async def work():
        _, reader, _ = await Streams().open(Watch("t/1", "v"))
        await asyncio.sleep(0.05)
        rows.broken = True
        rows.texts.append("hello")
        hub.ring("t/1", 1)
        await until(lambda: rows.reads == 1)
        _, late, _ = await Streams().open(Watch("t/1", "v"))
        await asyncio.sleep(0.05)
        rows.broken = False
        hub.check_all()
        await until_read(reader, b"data: v hello")
        await until_read(late, b"data: v hello")

    on_the_hub(work)


def test_nothing_is_remembered_of_those_who_left(rows):
    async def work():
        stream, _, _ = await Streams().open(Watch("t/1", "v"), Watch("desk"))
        assert set(hub._feeds) == {"t/1", "desk"}
        for watch in stream.watches:
            hub.leave(stream, watch.channel, watch.variant)
        assert not hub._feeds and not hub._new

    on_the_hub(work)


async def asked(who, *, channel="desk"):
    """The raw application, asked for a stream as ``who``: the status, its side of the connection and what waits for the end."""
    made = asyncio.get_running_loop().create_future()

    class Server(asyncio.Protocol):
        def connection_made(self, transport):
            self.gone = asyncio.Event()
            made.set_result((transport, self.gone))

        def connection_lost(self, _why):
            self.gone.set()

    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    Streams.kept.append(writer)
    transport, gone = await made
    server.close()
    told = []

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        told.append(message)

    query = f"ticket={grant([Watch(channel)], who=who)}".encode()
    scope = {"path": "/live/stream", "method": "GET", "query_string": query, "headers": [], "extensions": {TRANSPORT: transport}}
    task = asyncio.create_task(application(scope, receive, send))
    await until(lambda: told)
    return told[0]["status"], reader, task


def test_whoever_is_signed_out_reads_no_further_and_comes_back_by_no_old_ticket():
    async def work():
        _, gone, ended = await asked("a-one")
        _, stays, going_on = await asked("a-two")
        await asyncio.to_thread(live.end, "a-one")
        assert (await gone.read()).endswith(b"0\r\n\r\n")
        await ended
        assert "a-one" not in holders._held
        assert (await asked("a-one"))[0] == 401
        hub.whispered("desk", "inbox", "{}")
        await until_read(stays, b"event: inbox")
        assert not going_on.done()

    on_the_hub(work)


def test_streams_of_staff_end_after_a_while_and_those_of_customers_do_not(monkeypatch):
    async def work():
        monkeypatch.setattr(holders, "LONGEST", 0.0)
        _, staff, _ = await asked("a-three")
        _, customer, _ = await asked("v7")
        await asyncio.sleep(0.01)
        await beat()
        assert (await staff.read()).endswith(b"0\r\n\r\n")
        await until_read(customer, b": \n\n")
        assert (await asked("a-three"))[0] == 200, "the page asks for a new ticket, and goes on"

    on_the_hub(work)
