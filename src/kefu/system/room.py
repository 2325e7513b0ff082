"""No room left, on the disk of the database or of the files: how it is known, and how long it is talked about.

Nothing is lost by it: what was not stored was not acknowledged either, and whoever sent it sends again. It ends by itself once
there is room.
"""

import errno
import shutil
import sqlite3
import time
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SQLSTATE = {"53100", "53200"}  # PostgreSQL: disk_full, out_of_memory (what a full shared memory says)
LEAST = 32 * 1024 * 1024  # bytes; with less, the next picture or the fold of SQLite's log may not find room
TOLD_FOR = 60.0  # seconds after the last refusal for which it counts as full
RETRY = 60  # seconds until something that found no room is tried again

_refused_at = -TOLD_FOR


def is_full(error: BaseException | None) -> bool:
    """Whether ``error``, or what it came from, says that there is no room."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) in SQLSTATE:
            return True
        error = error.__cause__ or error.__context__
    return False


def note() -> bool:
    """Something found no room just now. True when that is news, and worth a line in the log."""
    global _refused_at
    news = time.monotonic() - _refused_at > TOLD_FOR
    _refused_at = time.monotonic()
    return news


def lack() -> str:
    """Where there is no room, in words; empty when there is."""
    for place in places():
        if (free := free_in(place)) < LEAST:
            return f"No room is left: {free // 2**20} MB free in {place}. Nothing that is sent can be kept until there is more."
    if connection.vendor != "sqlite" and time.monotonic() - _refused_at <= TOLD_FOR:  # its disk cannot be seen from here
        return "No room is left for the database: it has just refused to keep something."
    return ""


def places() -> list[Path]:
    """The folders that must have room: the home, the files, and SQLite's own; each disk once."""
    found = [Path(settings.HOME), Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        found.append(Path(connection.settings_dict["NAME"]).parent)
    by_disk = {path.stat().st_dev: path for path in reversed(found) if path.exists()}
    return list(reversed(by_disk.values()))


def free_in(place: Path) -> int:
    """Bytes that can still be written there."""
    return shutil.disk_usage(place).free


def store(name: str, data: bytes) -> str:
    """Write a file of ours; returns its key. Where it finds no room, no half of it stays. Raises OSError."""
    try:
        return default_storage.save(name, ContentFile(data))
    except OSError:
        default_storage.delete(name)
        raise
