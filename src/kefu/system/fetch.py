"""Asking the internet for something whose address somebody else gave: never inside, never for long, never very much."""

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class Unreachable(Exception):
    """It is not there, does not answer, answers too much, or lies where nobody from outside may lead us."""


@dataclass(frozen=True)
class Answer:
    """What came back: its status, whatever it is, and at most as many bytes as were asked for."""

    status: int
    content: bytes = field(repr=False)
    moved: str = ""


def fetch(
    url: str, *, most: int = 100_000, seconds: float = 6.0, schemes: Sequence[str] = ("https",), resolve: Resolve | None = None
) -> bytes:
    """What lies at ``url``: at most ``most`` bytes, within ``seconds`` in all, over two redirects at most. Raises Unreachable.

    The name is resolved here, every address it has must be public, and the connection goes to that address: a name that
    points inside, or somewhere else a moment later, leads nowhere. Each redirect is looked at like the first address.
    """
    until = time.monotonic() + seconds
    for _ in range(3):
        answer = _once(url, None, most, until, schemes, resolve or _resolve)
        if answer.moved:
            url = answer.moved
        elif answer.status == 200:
            return answer.content
        else:
            raise Unreachable(str(answer.status))
    raise Unreachable("too many redirects")


def post(
    url: str,
    form: Mapping[str, str],
    *,
    most: int = 100_000,
    seconds: float = 10.0,
    schemes: Sequence[str] = ("https",),
    resolve: Resolve | None = None,
) -> Answer:
    """Send a form there, under the same conditions as ``fetch``, and return the answer whatever its status is.

    A redirect is not followed: what is sent here is for nobody else. Raises Unreachable.
    """
    answer = _once(url, form, most, time.monotonic() + seconds, schemes, resolve or _resolve)
    if answer.moved:
        raise Unreachable("moved")
    return answer


def is_public(address: str) -> bool:
    """Is this an address of the internet, also behind what maps IPv4 into IPv6?"""
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


def _resolve(host: str, port: int) -> list[str]:
    return list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _once(url: str, form: Mapping[str, str] | None, most: int, until: float, schemes: Sequence[str], resolve: Resolve) -> Answer:
    """The answer to one request, or where it says that the thing has moved to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in schemes or not host or parts.username or parts.password:
            raise Unreachable("address")
        addresses = resolve(host, port)
    except (ValueError, OSError) as error:
        raise Unreachable(type(error).__name__) from None
    if not addresses or not all(is_public(one) for one in addresses):
        raise Unreachable("not public")
    to = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    pinned = parts._replace(netloc=f"{to}:{port}", fragment="").geturl()
    left = max(0.1, until - time.monotonic())
    headers = {"Host": parts.netloc, "Accept-Encoding": "identity"}
    import httpx  # takes its time to load: only where somebody asks

    try:
        with (
            httpx.Client(timeout=httpx.Timeout(left, connect=min(3.0, left)), follow_redirects=False, trust_env=False) as client,
            client.stream(
                "GET" if form is None else "POST", pinned, data=form, headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            if answer.is_redirect:
                return Answer(answer.status_code, b"", urljoin(url, answer.headers.get("Location", "")))
            if form is None and answer.status_code != 200:
                return Answer(answer.status_code, b"")
            return Answer(answer.status_code, _read(answer, most, until))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from None


def _read(answer: "httpx.Response", most: int, until: float) -> bytes:
    content = b""
    for piece in answer.iter_raw():  # as it arrives; nothing is unpacked
        content += piece
        if len(content) > most:
            raise Unreachable("too much")
        if time.monotonic() > until:
            raise Unreachable("too slow")
    return content
