"""Where a request comes from."""

from ipaddress import ip_address

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's IP address as ``system.bridge`` found it, with KEFU_PROXIES in mind.

    ``0.0.0.0`` when the server was not told one (a socket, a test).
    """
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - nothing listens there
