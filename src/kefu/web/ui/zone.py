"""The reader's time zone: the browser tells it in a cookie, pages show times in it."""

import zoneinfo
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "kefu_zone"


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones; asking the system reads six hundred files, so once is enough."""
    return frozenset(zoneinfo.available_timezones())


class ReaderZone:
    """Middleware: activates the zone of the cookie for one request; unknown or missing names mean UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with of(request.COOKIES.get(COOKIE, "")):
            return self.get_response(request)


def of(name: str) -> AbstractContextManager[object]:
    """The zone of this name is active inside; for unknown or missing names nothing changes."""
    return timezone.override(zoneinfo.ZoneInfo(name)) if name and name in known_zones() else nullcontext()
