"""A real server process for tests: started on a free port with a home of its own, and killed or stopped at will."""

import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
PREPARED: Path | None = None  # where first starts are kept for this run of the tests


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, home, *, port=None, **env):
        self.home, self.port = Path(home), port or free_port()
        self.env = {**os.environ, "KEFU_HOME": str(home), "KEFU_PORT": str(self.port), "KEFU_DEMO": "1", "KEFU_LOG_LEVEL": "warning", **env}
        for inherited in ("DJANGO_SETTINGS_MODULE", *({"KEFU_DATABASE_URL", "KEFU_REDIS_URL"} - set(env))):
            self.env.pop(inherited, None)
        self.process = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options) -> "Server":
        if PREPARED and "KEFU_DATABASE_URL" not in self.env and not any(self.home.glob("kefu.sqlite3")):
            shutil.copytree(prepared(PREPARED, options), self.home, dirs_exist_ok=True)
        return self.run(*options)

    def run(self, *options) -> "Server":
        self.log = (self.home / "server.log").open("ab")
        command = [sys.executable, "-m", "kefu", "run", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError((self.home / "server.log").read_text()[-3000:])
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    return self
            except OSError:
                time.sleep(0.25)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, patience: float = 15) -> float:
        """End it politely; returns the seconds that took."""
        at = time.monotonic()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(patience)
        return time.monotonic() - at

    def manage(self, code: str) -> str:
        """Run Python with the models loaded against this server's database; returns what it prints."""
        program = f"import django; django.setup()\n{code}"
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "kefu.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**env, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def rows(self, sql: str) -> list[tuple]:
        """What its database holds, without a process of Python that first loads all models: for what is asked again and again."""
        if url := self.env.get("KEFU_DATABASE_URL"):
            import psycopg

            with psycopg.connect(url.partition("?")[0].replace("postgres://", "postgresql://"), autocommit=True) as server:
                return server.execute(sql).fetchall()
        with closing(sqlite3.connect(self.home / "kefu.sqlite3", timeout=30, isolation_level=None)) as connection:
            return connection.execute(sql).fetchall()

    def count(self, table: str, where: str) -> int:
        """How many rows a table has where that holds."""
        return self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]  # noqa: S608 - our own tests' words


def prepared(folder: Path, options: tuple[str, ...]) -> Path:
    """A home as the first start leaves it. Every start on an empty one makes the same tables and reads the same articles:
    that is done once in a run of the tests, by whoever comes first, and copied by the others.
    """
    home = folder / "-".join(["home", *options])
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            fresh = home.with_suffix(".new")
            fresh.mkdir()
            Server(fresh).run(*options).stop(patience=60)
            fresh.rename(home)
    return home


class Browserless:
    """A chat window without a browser: keeps its token, sends with keys, watches the stream."""

    def __init__(self, server, client):
        self.server, self.client = server, client
        answer = client.get(f"{server.url}/en/chat/?embed=1")
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        page = answer.text
        self.token = re.search(r'data-visitor="([^"]+)"', page)[1]
        self.talk = ""

    def say(self, text, key):
        answer = self.client.post(
            f"{self.server.url}/en/chat/messages/",
            data={"v": self.token, "text": text, "key": key, "talk": self.talk},
            headers={"X-Requested-With": "fetch"},
        )
        answer.raise_for_status()
        self.talk = answer.headers["X-Talk"]
        return int(answer.headers["X-Seq"])

    def stream_url(self, after=""):
        answer = self.client.get(f"{self.server.url}/en/chat/live/", params={"v": self.token, "talk": self.talk, "after": after})
        return self.server.url + answer.json()["url"]
