"""Who may come to the desk."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kefu.people.models import Agent
from kefu.people.permissions import agent_of, may
from kefu.web.ui.again import not_signed_in


class AgentRequest(HttpRequest):
    """A request that passed ``for_agents``. For type checkers."""

    agent: Agent


def for_agents(act: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only active staff whose role may do ``act``; in production only with a second factor."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: AgentRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return not_signed_in(request)
            agent = agent_of(request.user)
            if agent is None or not may(agent, act):
                raise PermissionDenied
            if not settings.DEMO and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
            request.agent = agent
            return view(request, *args, **kwargs)

        wrapper.act = act  # type: ignore[attr-defined]  # the tests ask each address what it takes
        return wrapper

    return decorate
