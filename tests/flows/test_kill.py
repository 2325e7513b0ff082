"""SIGKILL in the middle: what was acknowledged is there once, watchers catch up, places in the queue are kept."""

import os
import re
import threading
import time

import httpx
import pytest

from databases import own_postgresql
from mail_servers import eventually
from serving import Browserless, Server

pytestmark = pytest.mark.server
CLIENTS, EACH = 20, 10
PATIENCE = 120  # seconds until somebody who tries again and again must have been heard: a start is among them


def prepare(server):
    server.start("--empty")
    return server


def swarm(server, acknowledged, stop_at):
    """Each client sends its messages, again with the same key until the server has answered."""
    errors = []

    def work(n):
        try:
            with httpx.Client(timeout=5) as client:
                window = None
                for i in range(EACH):
                    text, key = f"message {n}-{i}", f"key-{n}-{i}"
                    until = time.monotonic() + PATIENCE
                    while time.monotonic() < until:
                        try:
                            window = window or Browserless(server, client)
                            seq = window.say(text, key)
                            acknowledged[key] = (window.talk, seq)
                            break
                        except (httpx.HTTPError, OSError, TypeError):
                            time.sleep(0.1)
                    else:
                        raise RuntimeError(f"{key} was never taken")
                acknowledged[f"token-{n}"] = window
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CLIENTS)]
    for one in threads:
        one.start()
    while len(acknowledged) < stop_at and any(t.is_alive() for t in threads):
        time.sleep(0.01)
    server.kill()
    time.sleep(0.3)
    server.start("--empty")
    for one in threads:
        one.join(2 * PATIENCE)
    assert not errors, errors


def check(server, acknowledged):
    rows = server.manage(
        "from kefu.conversations.models import Message\n"
        "for m in Message.objects.filter(kind='customer').select_related('conversation'): print(m.client_key, m.conversation.uid.hex, m.seq)"
    ).splitlines()
    stored = [row.split() for row in rows]
    keys = [key for key, _, _ in stored if key.startswith("key-")]
    assert len(keys) == len(set(keys)) == CLIENTS * EACH, "each once"
    where = {key: (talk, int(seq)) for key, talk, seq in stored}
    lost = [key for key, value in acknowledged.items() if key.startswith("key-") and where.get(key) != value]
    assert not lost
    gaps = server.manage(
        "from kefu.conversations.models import Conversation\n"
        "print([c.pk for c in Conversation.objects.all() if sorted(c.messages.values_list('seq', flat=True)) != list(range(1, c.last_seq + 1))])"
    )
    assert gaps == "[]"


def caught_up(window, timeout=30):
    """A watcher that comes back with position 0 gets every public entry once."""
    seen = []
    with httpx.Client(timeout=timeout) as client:
        window.client = client
        with client.stream("GET", window.stream_url(after="0")) as stream:
            for line in stream.iter_lines():
                if found := re.match(r"id: .*=(\d+)", line):
                    seen.append(int(found[1]))
                if len(seen) >= EACH:
                    break
    assert seen == sorted(set(seen))
    return seen


def test_on_sqlite_nothing_is_lost_or_doubled(tmp_path):
    server = prepare(Server(tmp_path))
    acknowledged = {}
    try:
        swarm(server, acknowledged, stop_at=60)
        check(server, acknowledged)
        for n in range(3):
            caught_up(acknowledged[f"token-{n}"])
    finally:
        server.stop()


def place(window):
    page = window.client.get(f"{window.server.url}/en/chat/panel/", params={"v": window.token}).text
    found = re.search(r"data-queue-position>(\d+)<", page)
    return found and found[1]


def test_a_place_in_the_queue_survives_a_kill(tmp_path):
    server = prepare(Server(tmp_path))
    try:
        windows = []
        for n in range(3):
            window = Browserless(server, httpx.Client(timeout=30))
            window.say("talk to a human", f"k{n}")
            windows.append(window)
            eventually(lambda window=window: place(window), 60)
        assert [place(window) for window in windows] == ["1", "2", "3"]
        server.kill()
        server.start("--empty")
        assert [place(window) for window in windows] == ["1", "2", "3"]
    finally:
        server.stop()


@pytest.fixture
def database():
    with own_postgresql("kill") as url:
        yield url


@pytest.mark.skipif(not os.environ.get("KEFU_TEST_REDIS_URL"), reason="needs Redis and PostgreSQL")
def test_with_two_processes_on_postgresql_and_redis_nothing_is_lost(database, tmp_path):
    env = {"KEFU_DATABASE_URL": database, "KEFU_REDIS_URL": os.environ["KEFU_TEST_REDIS_URL"]}
    one, two = Server(tmp_path / "a", **env), Server(tmp_path / "b", **env)
    for server in (one, two):
        server.home.mkdir()
    two.home.joinpath("secret.key").write_text("s" * 50)
    one.home.joinpath("secret.key").write_text("s" * 50)
    try:
        one.start("--empty")
        two.start("--empty")
        acknowledged = {}
        swarm(one, acknowledged, stop_at=60)
        check(one, acknowledged)
        window = acknowledged["token-0"]
        window.server = two  # watches the other process
        assert caught_up(window)
        told = []

        def watch():
            with httpx.Client(timeout=30) as client:
                window.client = client
                with client.stream("GET", window.stream_url()) as stream:
                    told.append("open")
                    for line in stream.iter_lines():
                        if "across processes" in line:
                            told.append("heard")
                            return

        watcher = threading.Thread(target=watch)
        watcher.start()
        while not told:
            time.sleep(0.05)
        time.sleep(0.5)
        speaker = Browserless.__new__(Browserless)
        speaker.server, speaker.token, speaker.talk = one, window.token, window.talk
        with httpx.Client(timeout=30) as client:
            speaker.client = client
            speaker.say("across processes", "k-across")
        watcher.join(30)
        assert told == ["open", "heard"]
    finally:
        one.stop()
        two.stop()
