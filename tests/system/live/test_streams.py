"""Streams: thousands idle without threads, resumed without gaps, ended when the server ends."""

import os
import re
import resource
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from django.core import signing

from kefu.system.live import Watch, grant
from kefu.system.live.hub import frame
from kefu.system.live.stream import positions
from kefu.system.live.ticket import read
from serving import Browserless, Server

IDLE = 5000


def test_a_ticket_is_ours_and_short_lived(settings):
    ticket = grant([Watch("c/1", "customer:en", 7)], who="x")
    assert read(ticket) == [Watch("c/1", "customer:en", 7)]
    assert read(ticket[:-1] + "x") is None and read("") is None
    assert read(signing.dumps(["x", []], salt="other")) is None
    settings.LIVE_TICKET_SECONDS = -1
    assert read(ticket) is None


def test_a_browser_goes_on_where_it_was():
    watches = [Watch("c/a", "v", 3), Watch("c/b", "v", 4), Watch("desk")]
    assert [w.after for w in positions(watches, "c/a=9,c/x=5")] == [9, 4, 0]
    assert [w.after for w in positions(watches, "c/a=nonsense,,=,c/b")] == [3, 4, 0]


def test_an_event_may_have_lines():
    assert frame("message", "a\nb", "c/1=2") == b"id: c/1=2\nevent: message\ndata: a\ndata: b\n\n"


@pytest.mark.server
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
        assert threads(server.process.pid) <= before + 4, "a few pool threads at most"
        assert databases_open(server) <= 24
        took = server.stop()
        assert took < 6
        sockets[0].settimeout(3)
        while sockets[0].recv(4096):
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


@pytest.mark.server
def test_a_watcher_that_was_away_misses_nothing_and_a_note_never_reaches_a_customer(tmp_path):
    server = Server(tmp_path).start("--empty")
    try:
        with httpx.Client(timeout=10) as client:
            window = Browserless(server, client)
            for n in range(5):
                window.say(f"m{n}", f"k{n}")
            seen = []
            with client.stream("GET", window.stream_url(after="0"), headers={"Last-Event-ID": f"c/{window.talk}=2"}) as stream:
                for line in stream.iter_lines():
                    if found := re.match(r"id: .*=(\d+)$", line):
                        seen.append(int(found[1]))
                    if 5 in seen:
                        break
            assert seen[0] == 3 and seen == sorted(set(seen))
            expired = client.get(f"{server.url}/live/stream?ticket=forged")
            assert expired.status_code == 401
            big = client.post(f"{server.url}/en/chat/files/", content=b"x" * 10, headers={"Content-Length": "10"})
            assert big.status_code == 403
    finally:
        server.stop()


@pytest.mark.server
def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path):
    server = Server(tmp_path).start("--empty")
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as s:
            s.sendall(b"POST /en/chat/files/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 52428800\r\n\r\n")
            at = time.monotonic()
            answer = s.recv(2000)
        assert b"413" in answer.split(b"\r\n")[0] and time.monotonic() - at < 5
    finally:
        server.stop()
