"""A PostgreSQL database of a test's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

BASE = "postgres://postgres@127.0.0.1:5432/test"


@contextmanager
def own_postgresql(what: str) -> Iterator[str]:
    """The address of a new database, gone afterwards. Skips where no PostgreSQL is reachable, which CI must not lack."""
    psycopg = pytest.importorskip("psycopg")
    base = os.environ.get("KEFU_TEST_DATABASE_URL") or BASE
    try:
        admin = psycopg.connect(base.replace("postgres://", "postgresql://"), autocommit=True)
    except psycopg.OperationalError:
        if os.environ.get("KEFU_CI") == "1":
            raise
        pytest.skip("PostgreSQL is not reachable")
    name = f"kefu_{what}_{os.getpid()}"
    admin.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{base.rsplit('/', 1)[0]}/{name}"
    finally:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.close()
