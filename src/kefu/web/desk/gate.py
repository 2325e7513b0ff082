"""Who may come to the desk."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kefu.people.models import Agent
from kefu.people.permissions import agent_of, may


class AgentRequest(HttpRequest):
    """A request that passed ``for_agents``. For type checkers."""

    agent: Agent


def for_agents(act: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only active staff whose role may do ``act``; in production only with a second factor."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: AgentRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            agent = agent_of(request.user)
            if agent is None or not may(agent, act):
                raise PermissionDenied
            if not settings.DEMO and not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            request.agent = agent
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
