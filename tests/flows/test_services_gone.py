"""The database or Redis is gone for a while: it is told clearly, comes back without hands, and nothing is lost or doubled."""

import os
import subprocess
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from databases import own_postgresql
from relay import Relay
from serving import Browserless, Server

pytestmark = pytest.mark.server
DUE = "state <> 'dead' AND due_at <= CURRENT_TIMESTAMP"
GONE = 6  # seconds; longer than every pause between two tries


def ready(server):
    answer = httpx.get(f"{server.url}/ready", timeout=30)
    return answer.status_code, answer.text


def until(found, seconds=60):
    """Ask again until there is an answer that counts."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.3)
    raise AssertionError("it did not come back by itself")


def said(server, kind):
    return [key for (key,) in server.rows(f"SELECT client_key FROM conversations_message WHERE kind = '{kind}' ORDER BY seq")]  # noqa: S608


@pytest.fixture
def database():
    """A database of this test's own on PostgreSQL, and a way to it that can be cut."""
    with own_postgresql("gone") as url:
        parts = urlsplit(url)
        relay = Relay(parts.port or 5432)
        yield relay, url.replace(f"@{parts.netloc.rpartition('@')[2]}", f"@127.0.0.1:{relay.port}")
        relay.close()


def test_a_database_that_is_gone_for_a_while_is_told_and_comes_back(database, tmp_path):
    relay, url = database
    server = Server(tmp_path, KEFU_DATABASE_URL=f"{url}?pool_timeout=1", KEFU_JOB_LEASE_SECONDS="10")
    try:
        server.start("--empty")
        with httpx.Client(timeout=60) as client:
            window = Browserless(server, client)
            window.say("before", "k-before")
            relay.cut()
            gone_at = time.monotonic()
            status, words = ready(server)
            assert status == 503 and "database" in words
            assert httpx.get(f"{server.url}/health", timeout=10).status_code == 200, "the process itself is well"
            with pytest.raises(httpx.HTTPStatusError) as refused:
                window.say("meanwhile", "k-meanwhile")
            answer = refused.value.response
            assert answer.status_code == 503 and "still stands here" in answer.text and answer.headers["Retry-After"] == "5"
            page = client.get(f"{server.url}/en/tickets/new/")
            assert page.status_code == 503 and "Back in a minute" in page.text and "Traceback" not in page.text
            time.sleep(max(0.0, GONE - (time.monotonic() - gone_at)))
            relay.mend()
            until(lambda: ready(server)[0] == 200)
            for _ in range(2):  # what was refused is sent again, as the window does; twice is once
                window.say("meanwhile", "k-meanwhile")
            assert sorted(said(server, "customer")) == ["k-before", "k-meanwhile"]
            until(lambda: not server.count("jobs_job", DUE))
            assert server.process.poll() is None
    finally:
        server.stop()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own that can be filled and emptied."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", place], check=True)


def fill(place):
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return ballast


def test_a_disk_that_is_full_for_a_while_is_told_and_loses_nothing(small_disk):
    home = small_disk / "home"
    home.mkdir()
    server = Server(home)
    try:
        server.start("--empty")
        with httpx.Client(timeout=60) as client:
            window = Browserless(server, client)
            window.say("before", "k-before")
            ballast = fill(small_disk)
            for n in range(50):  # the last pages that the database has may take one or two more
                try:
                    window.say("meanwhile " + "y" * 3000, f"k-{n}")
                except httpx.HTTPStatusError as error:
                    refused = error.response
                    break
            assert refused.status_code == 507 and "storage is full" in refused.text
            status, words = ready(server)
            assert status == 200 and words.startswith("degraded\nNo room is left"), "whoever reads is sent here"
            assert httpx.get(f"{server.url}/health", timeout=10).text == words
            assert client.get(f"{server.url}/en/").status_code == 200, "what is there can be read"
            ballast.unlink()
            until(lambda: ready(server)[1] == "ready")
            for _ in range(2):
                window.say("meanwhile " + "y" * 3000, f"k-{n}")
            assert said(server, "customer") == ["k-before", *(f"k-{one}" for one in range(n + 1))]
            assert server.process.poll() is None
    finally:
        server.stop()


@pytest.mark.skipif(not os.environ.get("KEFU_TEST_REDIS_URL"), reason="needs Redis")
def test_a_redis_that_is_gone_for_a_while_loses_no_message(tmp_path):
    relay = Relay(6379)
    server = Server(tmp_path, KEFU_REDIS_URL=f"redis://127.0.0.1:{relay.port}/9")
    try:
        server.start("--empty")
        with httpx.Client(timeout=60) as client:
            window = Browserless(server, client)
            window.say("before", "k-before")
            relay.cut()
            status, words = ready(server)
            assert status == 503 and "Redis" in words
            window.say("meanwhile", "k-meanwhile")
            page = client.get(f"{server.url}/en/")
            assert page.status_code == 200, page.text[:300]
            time.sleep(GONE)
            relay.mend()
            until(lambda: ready(server)[0] == 200)
            window.say("after", "k-after")
            assert sorted(said(server, "customer")) == ["k-after", "k-before", "k-meanwhile"]
    finally:
        server.stop()
        relay.close()
