"""Who may come to the pages of an account: everybody to their own; passwords and factors are for staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kefu.people.permissions import agent_of
from kefu.people.sessions import renew


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


def proves_again(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A page on which one shows once more who one is: from then on the session has a new id."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        before = _shown(request)
        answer: HttpResponse = view(request, *args, **kwargs)
        if _shown(request) > before:
            renew(request)
        return answer

    return for_staff_accounts(wrapper)


def leaves_nothing(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Whoever signs out takes along what the browser kept of pages: “back” shows them to nobody. Drafts are another store."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        was_in = request.user.is_authenticated
        answer: HttpResponse = view(request, *args, **kwargs)
        if was_in and not request.user.is_authenticated:
            answer["Clear-Site-Data"] = '"cache"'
        return answer

    return wrapper


def _shown(request: HttpRequest) -> int:
    """How often somebody has shown in this session that it is still they."""
    user: Any = request.user
    return sum(1 for one in get_authentication_records(request, user) if one.get("reauthenticated")) if user.is_authenticated else 0


def closed(request: HttpRequest, **_parts: object) -> HttpResponse:
    """A page of the library that nobody here needs; its name stays, because the library looks it up."""
    raise Http404
