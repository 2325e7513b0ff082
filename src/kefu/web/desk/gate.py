"""Who may come to the desk."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from kefu.people.models import Agent
from kefu.people.permissions import agent_of, may
from kefu.web.ui.again import not_signed_in
from kefu.web.ui.staff import first


class AgentRequest(HttpRequest):
    """A request that passed ``for_agents``. For type checkers."""

    agent: Agent


def for_agents(act: str, *, shown_when_idle: bool = False) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only active staff whose role may do ``act``; and only with the factor that the role needs. ``shown_when_idle``: the page goes
    on being shown where nobody has touched anything for a while (web/account/middleware.py)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: AgentRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return not_signed_in(request)
            agent = agent_of(request.user)
            if agent is None or not may(agent, act):
                raise PermissionDenied
            if elsewhere := first(request, agent):
                return elsewhere
            request.agent = agent
            return view(request, *args, **kwargs)

        wrapper.act = act  # type: ignore[attr-defined]  # the tests ask each address what it takes
        wrapper.shown_when_idle = shown_when_idle  # type: ignore[attr-defined]
        return wrapper

    return decorate
