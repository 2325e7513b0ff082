"""Who is still there, the mark by which a browser is known again, and sessions of staff that are over."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from kefu.people import staff_sessions
from kefu.people.sessions import holder, seen
from kefu.people.sign_ins import keep_device
from kefu.system import live


class Devices:
    """Middleware, after authentication. Costs a look into the cache; every few minutes a session's row is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            seen(request)
        keep_device(request, response)
        return response


class StaffSessions:
    """Middleware, after authentication: a session of staff that is over opens nothing any more.

    What it was shown no browser keeps: neither on its disk nor for its "back" button.

    It is ended by the first thing that a person does with it; until then a page that is only shown (``shown_when_idle``: the board
    on the wall) goes on being shown, and what other open pages ask by themselves is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _shows_staff_something(request, response):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not staff_sessions.is_counted(request.session):
            return
        left, person = staff_sessions.left(request.session), by_a_person(request)
        shown = request.method == "GET" and getattr(view, "shown_when_idle", False)
        if left.age and left.idle:
            if person:
                staff_sessions.use(request.session)
        elif not left.age or (person and not shown):
            logout(request)
        else:
            if cache.add(f"idle:{request.session.session_key}", 1, timeout=settings.STAFF_SESSION_HOURS * 3600):
                live.end(holder(request.session.session_key or ""))
            if not shown:
                request.user = AnonymousUser()


def _shows_staff_something(request: HttpRequest, response: HttpResponse) -> bool:
    """A page that says nothing of being kept itself; files and scripts are not meant."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.accessed or response.has_header("Cache-Control"):
        return False
    return response.get("Content-Type", "").startswith("text/html") and staff_sessions.is_counted(request.session)


def by_a_person(request: HttpRequest) -> bool:
    """Whether somebody opened this page or sent this form; scripts ask by themselves, and tell of people to ``here.py``."""
    if mode := request.headers.get("Sec-Fetch-Mode"):
        return mode == "navigate"
    return not (request.headers.get("HX-Request") or request.headers.get("X-Requested-With"))
