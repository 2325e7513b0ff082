"""Nobody from outside leads us inside: not by an address, a name, a redirect, or an endless answer."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kefu.system import fetch as fetching
from kefu.system.fetch import Unreachable, fetch, is_public


@pytest.fixture
def site(monkeypatch):
    """A web server on loopback that counts as the internet; routes are set by the test."""
    routes, hosts = {}, []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hosts.append(self.headers["Host"])
            status, headers, pieces = routes.get(self.path, (404, {}, [b""]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces:
                    self.wfile.write(piece)
            except OSError:
                return

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    server.routes, server.hosts, server.base = routes, hosts, f"http://site.example:{server.server_port}"
    yield server
    server.shutdown()


def get(url, **more):
    return fetch(url, schemes=("http",), resolve=lambda host, port: {"inside.example": ["10.0.0.1"]}.get(host, ["127.0.0.1"]), **more)


def test_what_is_there_is_fetched_under_its_own_name(site):
    site.routes["/a?x=1"] = (200, {}, [b"hello"])
    assert get(site.base + "/a?x=1") == b"hello"
    assert site.hosts == [site.base.removeprefix("http://")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fc00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address):
    assert not is_public(address)
    with pytest.raises(Unreachable, match="not public"):
        fetch("https://a.example/", resolve=lambda host, port: ["8.8.8.8", address])


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["http://a.example/", "file:///etc/passwd", "https://user:pw@a.example/", "https:///x", "https://[::1", "ftp://a.example/"]
)
def test_only_plain_https_is_asked(url):
    with pytest.raises(Unreachable):
        fetch(url, resolve=lambda host, port: ["8.8.8.8"])


def test_decimal_and_short_addresses_lead_nowhere():
    for url in ("https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://localhost/"):
        with pytest.raises(Unreachable):
            fetch(url, seconds=2)


def test_a_redirect_inside_is_not_followed(site):
    site.routes["/a"] = (302, {"Location": "http://inside.example/secret"}, [b""])
    with pytest.raises(Unreachable, match="not public"):
        get(site.base + "/a")
    site.routes["/b"] = (302, {"Location": "file:///etc/passwd"}, [b""])
    with pytest.raises(Unreachable):
        get(site.base + "/b")
    site.routes["/loop"] = (302, {"Location": "/loop"}, [b""])
    with pytest.raises(Unreachable, match="too many"):
        get(site.base + "/loop")


def test_too_much_and_too_slow_end(site):
    site.routes["/big"] = (200, {}, [b"x" * 10_000] * 50)
    with pytest.raises(Unreachable, match="too much"):
        get(site.base + "/big")

    def drip():
        for _ in range(100):
            time.sleep(0.1)
            yield b"x"

    site.routes["/slow"] = (200, {}, drip())
    began = time.monotonic()
    with pytest.raises(Unreachable):
        get(site.base + "/slow", seconds=0.6)
    assert time.monotonic() - began < 5
