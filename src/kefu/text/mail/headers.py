"""Header fields of a mail as text: encoded words, raw bytes, parameters in pieces, addresses in any disorder."""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote_to_bytes

from kefu.text.mail.charsets import decode

LONGEST = 10_000  # characters of one field that are looked at
_WORD = re.compile(r"=\?([\w\-+.:*]{1,60})\?([bBqQ])\?([^?\s]*(?:\s[^?]*)?)\?=")
_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_ADDR = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,200}@(?:\[[0-9a-fA-F.:]{2,60}\]|[^\s<>,;:\"()\[\]\\@]{1,250})")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Address:
    """Whom a header field names. ``email`` is in the case that it came in; ``name`` may be empty."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        return self.email


def clean(text: str) -> str:
    """Text that every database and encoder takes: no NUL, no lone surrogate."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def field(message: Message, name: str) -> str:
    """The first such field, decoded, on one line; "" where there is none."""
    return unfold(raw_field(message, name))


def raw_field(message: Message, name: str) -> str:
    """The first such field as the mail has it (bytes above 127 as surrogates)."""
    want = name.lower()
    for key, value in message._headers:  # type: ignore[attr-defined]
        if key.lower() == want:
            return str(value)[:LONGEST]
    return ""


def all_fields(message: Message, name: str) -> list[str]:
    """All such fields as the mail has them, in its order."""
    want = name.lower()
    return [str(value)[:LONGEST] for key, value in message._headers if key.lower() == want]  # type: ignore[attr-defined]


def unfold(raw: str) -> str:
    """A field's text on one line, with encoded words (RFC 2047) read; broken ones are read as far as they go."""
    return clean(" ".join(_CONTROL.sub(" ", _decoded(raw)).split()))


def message_ids(raw: str) -> tuple[str, ...]:
    """The ids of a Message-ID, References or In-Reply-To field, with their angle brackets, each once, in their order."""
    found = _ID.findall(raw[:LONGEST])
    if not found:
        found = [part for part in raw[:LONGEST].split() if "@" in part and len(part) < 400][:20]
    return tuple(dict.fromkeys(f"<{clean(_decoded(one)).strip('<>')}>" for one in found))


def addresses(raw: str) -> tuple[Address, ...]:
    """The addresses of a From, To or Cc field, each once; groups are opened, comments and rubbish are left out."""
    out: dict[str, Address] = {}
    for part in _split(raw[:LONGEST]):
        address = _address(part)
        if address and address.email.lower() not in out:
            out[address.email.lower()] = address
    return tuple(out.values())


def parameter(raw: str, name: str) -> str:
    """A parameter of a structured field (name="…"), put together from its pieces (RFC 2231, 3) and decoded."""
    pieces: dict[int, tuple[str, bool]] = {}
    plain = ""
    for key, value in _parameters(raw):
        base, _, rest = key.partition("*")
        if base != name:
            continue
        if not rest and "*" not in key:
            plain = plain or value
            continue
        number, _, star = rest.partition("*")
        extended = key.endswith("*")
        pieces[int(number) if number.isdigit() and len(number) < 5 else 0] = (value, extended or bool(star))
    if pieces:
        charset = None
        data = b""
        for index in sorted(pieces):
            value, extended = pieces[index]
            if index == min(pieces) and extended and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            data += unquote_to_bytes(value) if extended else value.encode("utf-8", "surrogateescape")
        text, _ = decode(data, charset or None)
        if text:
            return clean(" ".join(_decoded(text).split()))
    return clean(" ".join(_decoded(plain).split()))


def _parameters(raw: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    text = raw[:LONGEST]
    at = text.find(";")
    while 0 <= at < len(text) and len(out) < 100:
        equals = text.find("=", at)
        if equals < 0:
            break
        key = text[at + 1 : equals].strip().lower()
        start = equals + 1
        while start < len(text) and text[start] in " \t\r\n":
            start += 1
        if start < len(text) and text[start] == '"':
            end, value = start + 1, []
            while end < len(text) and text[end] != '"':
                if text[end] == "\\" and end + 1 < len(text) and text[end + 1] in '"\\':
                    end += 1
                value.append(text[end])
                end += 1
            out.append((key.rpartition(";")[2].strip(), "".join(value).replace("\r", "").replace("\n", "")))
            at = text.find(";", end)
        else:
            end = text.find(";", start)
            end = len(text) if end < 0 else end
            out.append((key.rpartition(";")[2].strip(), text[start:end].strip()))
            at = end
    return out


def _decoded(raw: str) -> str:
    """Encoded words read; words side by side are joined before they are decoded, as mailers cut characters in two."""
    if "=?" not in raw:
        return _raw_bytes(raw)
    out: list[str] = []
    at = 0
    held: tuple[str, bytes] | None = None
    for found in _WORD.finditer(raw):
        between = raw[at : found.start()]
        charset, how, body = found[1].split("*")[0], found[2].lower(), found[3]
        data = _word(how, body)
        if held and not between.strip() and held[0].lower() == charset.lower():
            held = (held[0], held[1] + data)
        else:
            if held:
                out.append(decode(held[1], held[0])[0])
            if between.strip() or not held:
                out.append(_raw_bytes(between))
            held = (charset, data)
        at = found.end()
    if held:
        out.append(decode(held[1], held[0])[0])
    out.append(_raw_bytes(raw[at:]))
    return "".join(out)


def _word(how: str, body: str) -> bytes:
    raw = body.encode("utf-8", "surrogateescape")
    if how == "q":
        return quopri.decodestring(raw.replace(b"_", b" "))
    return loose_base64(raw)


def loose_base64(raw: bytes) -> bytes:
    """Base64 as far as it can be read: foreign characters left out, a missing end made up."""
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.split(b"=", 1)[0] if raw.rstrip().endswith(b"=") and raw.count(b"=") <= 2 else raw)
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return b""


def _raw_bytes(text: str) -> str:
    """Bytes above 127 that stand in a header as they are (RFC 6532, or no RFC at all)."""
    if text.isascii():
        return text
    try:
        raw = text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text
    return decode(raw, None)[0]


def _split(raw: str) -> list[str]:
    """Parts of an address list: commas and semicolons outside quotes, brackets and comments."""
    parts: list[str] = []
    now: list[str] = []
    quoted = False
    angle = comment = 0
    for i, c in enumerate(raw):
        if c == '"' and (i == 0 or raw[i - 1] != "\\"):
            quoted = not quoted
        elif not quoted:
            if c == "(":
                comment += 1
            elif c == ")":
                comment = max(0, comment - 1)
            elif c == "<":
                angle = 1
            elif c == ">":
                angle = 0
        if c in ",;" and not quoted and not angle and not comment:
            parts.append("".join(now))
            now = []
        else:
            now.append(c)
    parts.append("".join(now))
    if len(parts) == 1 and quoted:
        return re.split(r"[,;]", raw)
    return parts[:500]


def _address(part: str) -> Address | None:
    group, colon, rest = part.partition(":")
    if colon and "<" not in group and "@" not in group and '"' not in group:
        part = rest
    start, end = part.rfind("<"), part.rfind(">")
    inside = part[start + 1 : end] if 0 <= start < end else part[start + 1 :] if start >= 0 else ""
    text = _raw_bytes(inside) if inside else ""
    found = _ADDR.search(text.replace(" ", "")) or None
    name = part[:start] if start >= 0 else ""
    if not found:
        text = _decoded(part)
        found = _ADDR.search(text)
        name = "" if start < 0 else name
    if not found:
        return None
    shown = unfold(name).strip().strip("\"'").replace('\\"', '"').strip()
    if not shown:
        comment = re.search(r"\(([^()]{1,200})\)", part)
        shown = unfold(comment[1]) if comment else ""
    return Address(clean(found[0]).strip("'.").lstrip("'"), shown[:200])
