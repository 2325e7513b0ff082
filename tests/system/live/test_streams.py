"""Open streams of a real server: idle by the thousand, resumed without gap or double, apart by audience, ended in time."""

import json
import os
import re
import resource
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest

from serving import Browserless, Server

pytestmark = pytest.mark.server

IDLE = 5000
TICKETS = """
import json
from kefu.conversations.models import Conversation
from kefu.system.live import Watch, grant
talk = Conversation.objects.get(uid="{uid}")
print(json.dumps({{v: grant([Watch(talk.channel_name, v + ":en", {after}), Watch("desk")], who="t") for v in ("customer", "agent")}}))
"""
NOTE = """
from kefu.conversations.models import Conversation
from kefu.conversations.note import note
from kefu.people.models import Agent
from kefu.people.staff import create_agent
agent = Agent.objects.first() or create_agent("a@example.com", "a long password 1", name="A", role="agent", badge="", languages=[])
note(Conversation.objects.get(uid="{uid}"), agent=agent, text="between ourselves")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("streams")).start("--empty")
    yield server
    server.stop()


class Stream:
    """A browser's event stream, read in a thread: what came, as (id, name, data)."""

    def __init__(self, server, url, last=""):
        self.events, self.status, self.ended = [], 0, threading.Event()
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        parts = urlsplit(url)
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n".encode())
        self.opened = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        assert self.opened.wait(20)

    def _read(self):
        with self.socket.makefile("rb") as lines:
            self.status = int(lines.readline().split()[1])
            while lines.readline().strip():
                pass
            self.opened.set()
            event_id, name, data = "", "", []
            for raw in lines:
                field, _, value = raw.decode().rstrip("\n").partition(": ")
                if field == "id":
                    event_id = value
                elif field == "event":
                    name = value
                elif field in {"data", "data:"}:
                    data.append(value)
                elif not field and data:
                    self.events.append((event_id, name, "\n".join(data)))
                    data = []
        self.ended.set()

    def positions(self):
        """Of the numbered entries, in the order in which they came."""
        return [int(i.rpartition("=")[2]) for i, name, _ in list(self.events) if name in {"message", "hidden"}]

    def wait_for(self, condition, seconds=15):
        until = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < until, self.events[-3:]
            time.sleep(0.02)

    def close(self):
        self.socket.close()


def test_a_stream_without_a_good_ticket_is_refused(server):
    with httpx.Client(timeout=10) as client:
        assert client.get(f"{server.url}/live/stream?ticket=forged").status_code == 401
        assert client.get(f"{server.url}/live/stream").status_code == 401
        assert client.post(f"{server.url}/live/stream").status_code == 405
        assert client.get(f"{server.url}/live/other").status_code == 404


def test_a_watcher_that_was_away_gets_what_it_missed_and_nothing_else(server):
    with httpx.Client(timeout=10) as client:
        window = Browserless(server, client)
        for n in range(6):
            window.say(f"m{n}", f"k{n}")
        stream = Stream(server, window.stream_url(after="0"), last=f"c/{window.talk}=2")
        stream.wait_for(lambda s: 6 in s.positions())
        assert stream.positions()[0] == 3 and stream.positions() == sorted(set(stream.positions()))
        assert stream.events[0][0] == f"c/{window.talk}=3"
        late = Stream(server, window.stream_url(after="0") + f"&after=c/{window.talk}=5")
        late.wait_for(lambda s: s.positions())
        assert late.positions()[0] == 6
        stream.close()
        late.close()


def test_watchers_that_come_and_go_while_messages_are_sent_miss_nothing_and_get_nothing_twice(server):
    with httpx.Client(timeout=10) as client, httpx.Client(timeout=10) as other:
        window = Browserless(server, client)
        window.say("human please", "first")
        url = window.stream_url(after="0")
        speaker = Browserless.__new__(Browserless)
        speaker.server, speaker.client, speaker.token, speaker.talk = server, other, window.token, window.talk
        last = []
        speaking = threading.Thread(target=lambda: last.extend(speaker.say(f"m{n}", f"k{n}") for n in range(24)))
        speaking.start()
        seen, position = [], 0
        while speaking.is_alive():
            stream = Stream(server, url, last=f"c/{window.talk}={position}")
            time.sleep(0.11)
            seen += stream.positions()
            position = seen[-1] if seen else 0
            stream.close()
        stream = Stream(server, url, last=f"c/{window.talk}={position}")
        stream.wait_for(lambda s: position >= last[-1] or last[-1] in s.positions())
        seen += stream.positions()
        stream.close()
        assert seen == list(range(1, seen[-1] + 1)) and seen[-1] >= last[-1]


def test_a_note_reaches_colleagues_and_no_customer_live_or_later(server):
    with httpx.Client(timeout=10) as client:
        window = Browserless(server, client)
        seq = window.say("hello", "k")
        tickets = json.loads(server.manage(TICKETS.format(uid=window.talk, after=0)))
        live = {who: Stream(server, f"/live/stream?ticket={ticket}") for who, ticket in tickets.items()}
        live["agent"].wait_for(lambda s: seq in s.positions())
        server.manage(NOTE.format(uid=window.talk))  # another process, no Redis: the periodic check finds it
        live["agent"].wait_for(lambda s: any("between ourselves" in data for _, _, data in s.events))
        window.say("are you there", "k2")
        live["customer"].wait_for(lambda s: any("are you there" in data for _, _, data in s.events))
        later = Stream(server, f"/live/stream?ticket={tickets['customer']}")
        later.wait_for(lambda s: any("are you there" in data for _, _, data in s.events))
        for stream in (live["customer"], later):
            assert not any("between ourselves" in data for _, _, data in stream.events)
            assert stream.positions() == sorted(set(stream.positions()))
        for stream in (*live.values(), later):
            stream.close()


def test_a_stream_over_several_channels_names_all_positions(server):
    with httpx.Client(timeout=10) as client:
        first = Browserless(server, client)
        first.say("one", "k1")
        client.cookies.clear()
        second = Browserless(server, client)
        second.say("two", "k2")
        code = f"from kefu.system.live import Watch, grant; print(grant([Watch('c/{first.talk}', 'customer:en', 1), Watch('c/{second.talk}', 'customer:en', 0)], who='t'))"
        stream = Stream(server, f"/live/stream?ticket={server.manage(code)}")
        stream.wait_for(lambda s: len(s.events) > 1)
        assert all(re.fullmatch(f"c/{first.talk}=[0-9]+,c/{second.talk}=[0-9]+", event_id) for event_id, _, _ in stream.events)
        stream.close()


def test_five_thousand_idle_streams_need_no_thread_and_no_connection_and_end_with_the_server(tmp_path):
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    server = Server(tmp_path).start("--empty")
    sockets = []
    try:
        with httpx.Client(timeout=10) as client:
            window = Browserless(server, client)
            window.say("hello", "k")
            path = urlsplit(window.stream_url()).path + "?" + urlsplit(window.stream_url()).query
        before = threads(server.process.pid)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
        for _ in range(IDLE):
            s = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            s.sendall(request)
            sockets.append(s)
        for s in sockets:
            assert b"200" in s.recv(400)
        assert threads(server.process.pid) <= before + 6, "a few pool threads at most"
        assert databases_open(server) <= 24
        took = server.stop()
        assert server.process.returncode == 0
        assert took < 6
        for s in (sockets[0], sockets[-1]):
            s.settimeout(3)
            while s.recv(4096):
                pass
    finally:
        for s in sockets:
            s.close()
        server.stop()


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def databases_open(server):
    fds = f"/proc/{server.process.pid}/fd"
    return sum("kefu.sqlite3" in os.path.realpath(f"{fds}/{fd}") for fd in os.listdir(fds) if os.path.exists(f"{fds}/{fd}"))
