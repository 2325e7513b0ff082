"""The bytes of one part of a mail, and the text that they stand for."""

import binascii
import io
import quopri
import re
from email.message import Message

from kefu.text.mail.headers import clean, loose_base64, raw_field
from kefu.text.mail.held import Held

PIECE = 256 * 1024
_PATH = re.compile(r"[\\/:*?\"<>|\x00-\x1f\u202a-\u202e\u2066-\u2069\u200b-\u200f]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def content_type(part: Message) -> str:
    raw = raw_field(part, "Content-Type").split(";")[0].strip().lower()
    if not raw:
        return "multipart/mixed" if part.is_multipart() else "text/plain"
    return (
        raw
        if re.fullmatch(r"[\w.+\-]+/[\w.+\-]+", raw)
        else {"text": "text/plain", "html": "text/html"}.get(raw, "text/plain" if "/" not in raw else "application/octet-stream")
    )


def body_of(part: Message) -> bytes:
    """The bytes of a part, whatever its transfer encoding claims."""
    # Not get_payload: it replaces what the declared charset does not explain, before anybody can look at the bytes.
    payload = part._payload  # type: ignore[attr-defined]
    if isinstance(payload, list):
        return b"\n".join(child.as_bytes() for child in payload if isinstance(child, Message))
    held: Held | None = getattr(part, "held", None)
    raw = held.view() if held else _raw(payload)
    how = raw_field(part, "Content-Transfer-Encoding").strip().strip("\"';").lower()
    if how == "base64":
        return _base64(raw)
    raw = bytes(raw)
    if how in {"quoted-printable", "quoted_printable"}:
        return quopri.decodestring(raw)
    if how in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        out = io.BytesIO()
        for line in filter(None, raw.splitlines()):
            try:
                out.write(binascii.a2b_uu(line))
            except binascii.Error:
                continue
        return out.getvalue()
    return raw


def _raw(payload: object) -> bytes:
    text = str(payload or "")
    try:
        return text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _base64(given: bytes | memoryview) -> bytes:
    """Strictly first; then line by line, which survives a footer that a list put below it."""
    try:
        return _strict(given) if b"=" in bytes(given[-8:]) else binascii.a2b_base64(given)
    except binascii.Error:
        raw = bytes(given)
    lines = raw.split(b"\n")
    good = [
        line.strip()
        for line in lines
        if re.fullmatch(rb"[A-Za-z0-9+/=]+", line.strip()) and (len(line.strip()) % 4 == 0 or len(line.strip()) > 60)
    ]
    joined = b"".join(good)
    try:
        return binascii.a2b_base64(joined)
    except binascii.Error:
        return loose_base64(joined or raw)


def _strict(raw: bytes | memoryview) -> bytes:
    """All of it base64 up to its padding, line ends apart. Piece by piece, so that no second copy of a large file is made."""
    out, rest = io.BytesIO(), b""
    for at in range(0, len(raw), PIECE):
        piece = rest + bytes(raw[at : at + PIECE]).translate(None, b"\r\n")
        if at + PIECE < len(raw):
            whole = len(piece) - len(piece) % 4
            piece, rest = piece[:whole], piece[whole:]
            if b"=" in piece:
                raise binascii.Error("padding in the middle")
        out.write(binascii.a2b_base64(piece, strict_mode=True))
    return out.getvalue()


def unflowed(text: str, delete_space: bool) -> str:
    """Lines that a program broke put together again (RFC 3676, 4)."""
    out: list[str] = []
    depths: list[int] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body[1:] if body.startswith(" ") else body
        if out and out[-1].endswith(" ") and depths[-1] == depth and out[-1].rstrip(">").strip() != "--" and out[-1] != "-- ":
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + body
        else:
            out.append(">" * depth + (" " if depth else "") + body)
            depths.append(depth)
    return "\n".join(out)


def plain_text(text: str) -> str:
    return clean(UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def file_name(raw: str) -> str:
    """A file's name without its path, unseen characters and what file systems refuse."""
    last = re.split(r"[\\/]", clean(raw).strip())[-1]
    last = _PATH.sub("", last).strip(". ")
    if len(last) > 150:
        stem, dot, ending = last.rpartition(".")
        last = stem[: 150 - len(ending) - 1] + dot + ending if dot and len(ending) < 12 else last[:150]
    return last


def made_up_name(kind: str) -> str:
    endings = {
        "message/delivery-status": "delivery-status.txt",
        "text/rfc822-headers": "headers.txt",
        "text/calendar": "invitation.ics",
        "text/plain": "text.txt",
        "text/html": "page.html",
        "application/pgp-signature": "signature.asc",
        "application/pgp-encrypted": "version.txt",
    }
    if kind in endings:
        return endings[kind]
    ending = kind.partition("/")[2].partition("+")[0]
    return f"file.{ending}" if re.fullmatch(r"[a-z0-9]{2,5}", ending) else "file.bin"
