"""Outlook's winmail.dat (MS-OXTNEF), opened by tnefparse and guarded against what it does not expect."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Opened:
    """What was in it: files as (name, content), and the text of the mail."""

    files: list[tuple[str, bytes]]
    text: str
    html: str


def open_tnef(content: bytes) -> Opened | None:
    """What a winmail.dat holds; None if it cannot be opened. Never raises."""
    from tnefparse import TNEF

    try:
        tnef = TNEF(content, do_checksum=False)
    except Exception:  # the library raises whatever its reader meets
        return None
    files: list[tuple[str, bytes]] = []
    for attachment in tnef.attachments:
        name, data = _safe(attachment, "name"), _safe(attachment, "data")
        files.append((_text(_long_name(attachment) or name or "file"), bytes(data) if isinstance(data, bytes | bytearray) else b""))
    return Opened(files, _text(_safe(tnef, "body")), _text(_safe(tnef, "htmlbody")))


def _safe(tnef: object, name: str) -> object:
    try:
        return getattr(tnef, name, "")
    except Exception:
        return ""


def _long_name(attachment: Any) -> object:
    try:
        return attachment.long_filename()
    except Exception:
        return ""


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        from kefu.text.mail.charsets import decode

        return decode(value, None)[0].rstrip("\x00")
    return str(value or "").rstrip("\x00")
