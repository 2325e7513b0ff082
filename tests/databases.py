"""A PostgreSQL database of a test's own."""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import psycopg

BASE = "postgres://postgres@127.0.0.1:5432/test"
# Processes of one run of the tests share what their first parent set.
TEMPLATE = f"kefu_template_{os.environ.setdefault('KEFU_TEST_RUN', str(os.getpid()))}"
LOCK = Path(tempfile.gettempdir()) / f"{TEMPLATE}.lock"


@contextmanager
def own_postgresql(what: str) -> Iterator[str]:
    """The address of a new database with all tables, gone afterwards. Skips where no PostgreSQL is reachable, which CI must not lack."""
    psycopg = pytest.importorskip("psycopg")
    try:
        admin = connected()
    except psycopg.OperationalError:
        if os.environ.get("KEFU_CI") == "1":
            raise
        pytest.skip("PostgreSQL is not reachable")
    name = f"kefu_{what}_{os.getpid()}"
    with closing(admin):
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {prepare()}")
        try:
            yield address(name)
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def connected() -> "psycopg.Connection":
    import psycopg

    return psycopg.connect(address().replace("postgres://", "postgresql://"), autocommit=True)


def address(name: str = "") -> str:
    base = os.environ.get("KEFU_TEST_DATABASE_URL") or BASE
    return f"{base.rsplit('/', 1)[0]}/{name}" if name else base


def prepare() -> str:
    """The database that the others of this run copy, made by whoever comes first: all migrations take longer than most tests."""
    lock = LOCK.open("w")
    with lock, tempfile.TemporaryDirectory() as home, closing(connected()) as admin:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}_new")
            admin.execute(f"CREATE DATABASE {TEMPLATE}_new")
            environment = {**os.environ, "KEFU_DATABASE_URL": address(f"{TEMPLATE}_new"), "KEFU_HOME": home}
            subprocess.run([sys.executable, "-m", "kefu", "migrate"], env=environment, check=True, capture_output=True, timeout=300)
            admin.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")
    return TEMPLATE


def drop_prepared() -> None:
    """At the end of a run, by the process that began it."""
    if LOCK.exists():
        with closing(connected()) as admin:
            for name in (TEMPLATE, f"{TEMPLATE}_new"):
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        LOCK.unlink()
