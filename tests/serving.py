"""A real server process for tests: started on a free port with a home of its own, and killed or stopped at will."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]


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
        self.log = (self.home / "server.log").open("ab")
        command = [sys.executable, "-m", "kefu", "run", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(240):
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

    def stop(self) -> float:
        """End it politely; returns the seconds that took."""
        at = time.monotonic()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)
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
