"""Who is still there, and the mark by which a browser is known again."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kefu.people.sessions import seen
from kefu.people.sign_ins import keep_device


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
