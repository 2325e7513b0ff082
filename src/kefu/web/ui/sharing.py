"""Which other sites may load an answer of ours into a page of theirs: none, but for the widget's script and its frame.

`Cross-Origin-Resource-Policy`: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header. A frame needs it where the host page
asks it of everything (`Cross-Origin-Embedder-Policy: require-corp`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

HEADER, OWN, ANY = "Cross-Origin-Resource-Policy", "same-origin", "cross-origin"


class OwnSiteOnly:
    """Middleware: what says nothing else is for our own pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, OWN)
        return response


def for_any_site(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Other sites may load this."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response[HEADER] = ANY
        return response

    return wrapper
