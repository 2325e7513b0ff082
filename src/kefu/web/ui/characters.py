"""Characters that no database takes are left out of what came, before any page reads it: PostgreSQL refuses U+0000 in a text.

Nobody types one, but it comes along with lines of a log, and from those who try doors.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NULL = "\x00"


class WithoutNull:
    """Middleware: forms and queries without U+0000; an address with one is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NULL in request.path_info:
            raise Http404
        request.GET = cleaned(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Views without the CSRF check read the body by themselves: theirs is not touched."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = cleaned(request.POST)  # type: ignore[assignment]


def cleaned(given: QueryDict) -> QueryDict:
    """The same values without U+0000; usually the very same object."""
    if not any(NULL in value for _name, values in given.lists() for value in [_name, *values]):
        return given
    clean = QueryDict(mutable=True)
    for name, values in given.lists():
        clean.setlist(name.replace(NULL, ""), [value.replace(NULL, "") for value in values])
    clean._mutable = False
    return clean
