"""`kefu test`: the whole suite on SQLite, and again on PostgreSQL where it is reachable."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
POSTGRES = "postgres://postgres@127.0.0.1:5432/test"
ONCE = ("text", "web/ui", "browser", "flows", "system/live", "channels/test_mail_servers.py", "test_conventions.py")
REDIS = "redis://127.0.0.1:6379/9"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("KEFU_TEST_REDIS_URL", REDIS if reachable(6379) else "")
    must = os.environ.get("KEFU_CI") == "1"
    databases = [""]
    given = os.environ.get("KEFU_TEST_DATABASE_URL") or (POSTGRES if reachable(5432) else "")
    if given:
        databases.append(given)
    elif must:
        print("KEFU_CI=1, and PostgreSQL does not answer on 127.0.0.1:5432.", file=sys.stderr)
        return 1
    else:
        print("PostgreSQL is not reachable: testing on SQLite only.")
    if must and not os.environ["KEFU_TEST_REDIS_URL"]:
        print("KEFU_CI=1, and Redis does not answer on 127.0.0.1:6379.", file=sys.stderr)
        return 1
    worst = 0
    for url in databases:
        name = "PostgreSQL" if url else "SQLite"
        print(f"\n== {name} ==", flush=True)
        # What knows no database, and what starts servers with databases of their own, runs once.
        once = [f"--ignore=tests/{part}" for part in ONCE] if url else []
        # Three, also on two cores: those that drive a browser or a server of their own wait for it half the time.
        # In the order of tests/conftest.py, which begins with what takes longest; by itself xdist begins with the files of most tests.
        command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "-q", *once, *arguments]
        result = subprocess.run(command, cwd=ROOT, env={**os.environ, "KEFU_DATABASE_URL": url}, check=False)  # noqa: S603 - our own list
        worst = worst or result.returncode
    return worst


def reachable(port: int) -> bool:
    """Whether something listens on this port of the machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False
