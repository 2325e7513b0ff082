"""What to ask an IMAP server for: positions above one, positions between two moments, a mail at a position."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from kefu.channels.email.keep import LARGEST

DATES = 500  # mails whose moment is asked for at once
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uids_above(box: Any, last: int) -> list[int]:
    """The positions above ``last``, the lowest first; IMAP also names the last mail where there is none above."""
    kind, data = box.client.uid("SEARCH", None, f"UID {last + 1}:*")
    if kind != "OK":
        raise OSError("SEARCH was refused")
    return _positions(data)


def _positions(data: Any) -> list[int]:
    """What SEARCH found. Some servers say it in several lines, in any order: with those left out the lower ones were lost."""
    return sorted({int(one) for line in data if line for one in line.split()})


def raw_at(box: Any, uid: int) -> bytes | None:
    """The mail at a position, its beginning where it is too large to keep; None where it has gone."""
    kind, data = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    if kind != "OK":
        raise OSError("FETCH was refused")
    size = next((int(part) for line in data if line for part in _size_in(line)), 0)
    # Of what is too large only the beginning is fetched: its row says so, and the mail stays where it is.
    wanted = f"(BODY.PEEK[]<0.{LARGEST + 1}>)" if size > LARGEST else "(BODY.PEEK[])"
    kind, data = box.client.uid("FETCH", str(uid), wanted)
    if kind != "OK":
        raise OSError("FETCH was refused")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple) and len(part) > 1), None)


def _size_in(line: Any) -> list[str]:
    raw = line[0] if isinstance(line, tuple) else line
    return [one.decode() for one in re.findall(rb"RFC822\.SIZE (\d+)", raw)] if isinstance(raw, bytes) else []


def uids_between(box: Any, since: datetime | None, until: datetime | None) -> list[int]:
    """The positions of what reached the server from ``since`` on and before ``until``, the lowest first.

    SEARCH knows days only, on the server's clock (RFC 3501, 6.4.4): it is asked for a day more on both sides, and the
    moment of each mail decides.
    """
    asked = [f"SINCE {imap_date(since - timedelta(days=1))}"] if since else []
    asked += [f"BEFORE {imap_date(until + timedelta(days=2))}"] if until else []
    kind, data = box.client.uid("SEARCH", None, *(asked or ["ALL"]))
    if kind != "OK":
        raise OSError("SEARCH was refused")
    uids = _positions(data)
    found: list[int] = []
    for start in range(0, len(uids), DATES):
        kind, rows = box.client.uid("FETCH", ",".join(map(str, uids[start : start + DATES])), "(UID INTERNALDATE)")
        if kind != "OK":
            raise OSError("FETCH was refused")
        for row in rows:
            line = row[0] if isinstance(row, tuple) else row
            uid, at = re.search(rb"UID (\d+)", line or b""), _internal_date(line or b"")
            if uid and at and (since is None or at >= since) and (until is None or at < until):
                found.append(int(uid[1]))
    return sorted(found)


def imap_date(at: datetime) -> str:
    """A day as IMAP writes it, in English whatever the language here is."""
    return f"{at.day}-{MONTHS[at.month - 1]}-{at.year}"


def _internal_date(line: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', line)
    if not found or found[2].decode().title() not in MONTHS:
        return None
    away = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == b"-" else 1)
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    return datetime(year, MONTHS.index(found[2].decode().title()) + 1, day, hour, minute, second, tzinfo=timezone(away))
