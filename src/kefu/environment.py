"""Typed readers of the environment: every complaint names the variable and says what to write instead."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

POOL_TIMEOUT = (
    5  # seconds that a request waits for a connection: longer than a database takes to restart, and no longer than somebody waits
)

PREPARED_FROM = 3  # times that a connection has run a statement of ``system/prepared`` before it keeps its plan


class SettingError(Exception):
    """A setting that cannot work; the text tells the operator what to change."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """A yes/no setting: 1, true, yes, on or 0, false, no, off."""
    given = text(name).lower()
    if not given:
        return default
    if given in {"1", "true", "yes", "on"}:
        return True
    if given in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} is {given!r}: write 1 or 0.")


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    given = text(name)
    if not given:
        return default
    try:
        value = int(given)
    except ValueError:
        raise SettingError(f"{name} is {given!r}: write a whole number from {least} to {most}.") from None
    if not least <= value <= most:
        raise SettingError(f"{name} is {value}: write a whole number from {least} to {most}.")
    return value


def words(name: str, default: list[str] | None = None) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default or [])


def folder(name: str, default: Path) -> Path:
    path = Path(text(name) or default).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{name}: the folder {path} cannot be made ({error.strerror}).") from None
    return path


def file(name: str) -> Path | None:
    """A file that is there; None when the setting is empty."""
    if not (given := text(name)):
        return None
    path = Path(given).expanduser().resolve()
    if not path.is_file():
        raise SettingError(f"{name}: there is no file {path}.")
    return path


def database(name: str, home: Path) -> dict[str, Any]:
    """Django's database settings from a URL; without one, SQLite in ``home``.

    SQLite as a server's store: write-ahead log, the write lock taken at BEGIN (so that no transaction dies
    half-way because another one wrote), and NORMAL syncing, which in WAL mode survives a killed process. The log is folded
    into the file beside the requests (``system/folding.py``); a process that does not serve does it itself at 80 MB.
    """
    url = urlsplit(text(name) or f"sqlite:///{home / 'kefu.sqlite3'}")
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.path[1:] if url.path.startswith("//") else url.path,
            # Each thread keeps its connection: the last one to close folds the log into the file, with a sync to
            # disk, which costs some 10 ms a request where requests come one at a time.
            "CONN_MAX_AGE": None,
            # Tests use a file too: an in-memory database locks differently.
            "TEST": {"NAME": str(home / "test.sqlite3")},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=20000;",
            },
        }
    if url.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(url.query))
        pool, wait = int(options.pop("pool", 8)), float(options.pop("pool_timeout", POOL_TIMEOUT))
        options["prepare_threshold"] = PREPARED_FROM if int(options.pop("prepare", 1)) else None
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": pool, "timeout": wait}},
        }
    raise SettingError(f"{name} starts with {url.scheme!r}: write postgres://user:password@host/name or sqlite:////path.")


def secret(name: str, home: Path, *, demo: bool) -> str:
    """The signing key: from the environment, or (embedded) made once and kept beside the data, mode 600."""
    if given := text(name):
        if len(given) < 32:
            raise SettingError(f"{name} has {len(given)} characters: use at least 32 random ones.")
        return given
    file = home / "secret.key"
    if not file.exists():
        if not demo:
            raise SettingError(
                f"{name} is not set and {file} does not exist. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        file.touch(mode=0o600)
        file.write_text(os.urandom(36).hex())
    return file.read_text().strip()
