"""Mails made to keep a reader busy: the part of one that is read. Real mails pass as they are.

Python's parser makes an object of every header line and every part; of a hundred thousand in 200 KB it needs half a second.
"""

import re

MOST_LINES = 3_000  # of one header; long chains of Received and References stay well below
MOST_DELIMITERS = 1_000  # lines that begin a part, of one boundary
MOST_BOUNDARIES = 50
MOST_RECIPIENTS = 200  # of one delivery report; each has a paragraph of its own
_END = re.compile(rb"\r?\n\r?\n")
_REPORT = re.compile(rb"^content-type:\s{0,20}message/delivery-status\b", re.I | re.M)
_BOUNDARY = re.compile(rb"\bboundary\s{0,5}=\s{0,5}(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.I)


def bounded(raw: bytes) -> tuple[bytes, list[str]]:
    """The mail without what nobody writes, and what was left out, in words for ``Mail.problems``."""
    problems: list[str] = []
    raw = _few_lines(raw, problems)
    for boundary in _boundaries(raw):
        raw = _few_parts(raw, b"\n--" + boundary, problems)
    return _few_recipients(raw, problems), problems


def _few_lines(raw: bytes, problems: list[str]) -> bytes:
    found = _END.search(raw)
    end = found.start() if found else len(raw)
    if raw.count(b"\n", 0, end) <= MOST_LINES:
        return raw
    problems.append("too many header lines")
    cut = 0
    for _ in range(MOST_LINES):
        cut = raw.index(b"\n", cut) + 1
    return raw[:cut] + (raw[end:].lstrip(b"\r") if found else b"\n")


def _boundaries(raw: bytes) -> list[bytes]:
    found = dict.fromkeys(quoted or bare for quoted, bare in _BOUNDARY.findall(raw[:2_000_000]))
    return list(found)[:MOST_BOUNDARIES]


def _few_parts(raw: bytes, delimiter: bytes, problems: list[str]) -> bytes:
    if raw.count(delimiter) <= MOST_DELIMITERS:
        return raw
    problems.append("too many parts")
    cut = 0
    for _ in range(MOST_DELIMITERS):
        cut = raw.index(delimiter, cut) + len(delimiter)
    return raw[:cut] + b"--\n"


def _few_recipients(raw: bytes, problems: list[str]) -> bytes:
    """Only the first report is looked at: no mail has two, and what follows it is the mail that came back."""
    found = _REPORT.search(raw)
    if not found:
        return raw
    end = raw.find(b"\n--", found.end())
    end = len(raw) if end < 0 else end
    paragraphs = [one.end() for one in _END.finditer(raw, found.end(), end)]
    if len(paragraphs) <= MOST_RECIPIENTS + 2:
        return raw
    problems.append("too many recipients in a report")
    return raw[: paragraphs[MOST_RECIPIENTS + 1]] + raw[end:].lstrip(b"\n")
