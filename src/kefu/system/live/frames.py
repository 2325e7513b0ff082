"""Server-sent events on the wire (HTML Living Standard, section 9.2), and our event ids.

An event id names the positions of all sequenced channels of its stream, such as ``c/0f3a…=12,c/77b2…=4``, because a
browser gives back one id per stream. Whispers carry no id: the browser then keeps the one before.
"""

from collections.abc import Mapping

COMMENT = b": \n\n"


def frame(name: str, data: str, event_id: str = "") -> bytes:
    """One event. A line break in ``data`` becomes a further data line, as the format asks."""
    head = f"id: {event_id}\nevent: {name}\n" if event_id else f"event: {name}\n"
    lines = data.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\ndata: ")
    return f"{head}data: {lines}\n\n".encode()


def opening(event_id: str, retry: int) -> bytes:
    """What a stream begins with: the pause in milliseconds before the browser comes back, and where the stream stands.

    An id without data changes what the browser sends as Last-Event-ID and shows nothing to the page.
    """
    return (f"retry: {retry}\n\n" + (f"id: {event_id}\n\n" if event_id else "")).encode()


def write_id(positions: Mapping[str, int]) -> str:
    """The event id for these positions."""
    return ",".join(f"{channel}={at}" for channel, at in positions.items())


def read_id(text: str) -> dict[str, int]:
    """The positions that an event id names; whatever is not of our form is left out."""
    found = {}
    for part in text.split(","):
        channel, _, at = part.rpartition("=")
        if channel and at.isdecimal() and at.isascii() and len(at) < 16:
            found[channel] = int(at)
    return found


def chunk(body: bytes) -> bytes:
    """A chunk of a chunked HTTP/1.1 body (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(body), body)


LAST_CHUNK = b"0\r\n\r\n"
