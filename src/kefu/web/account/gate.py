"""Who may come to the pages of an account: everybody to their own; passwords and factors are for staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kefu.people.permissions import agent_of


def for_staff_accounts(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Customers sign in by a code: to them a page about passwords or factors does not exist."""

    @never_cache
    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if agent_of(request.user) is None:
            raise Http404
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return wrapper


def closed(request: HttpRequest, **_parts: object) -> HttpResponse:
    """A page of the library that nobody here needs; its name stays, because the library looks it up."""
    raise Http404
