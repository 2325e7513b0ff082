"""Who may come to the studio."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.knowledge.models import Proposal
from kefu.people.models import Agent
from kefu.people.permissions import agent_of, may
from kefu.web.studio.catalogue import THINGS
from kefu.web.ui.again import not_signed_in
from kefu.web.ui.staff import first


class StaffRequest(HttpRequest):
    """A request that passed ``for_staff``. For type checkers."""

    agent: Agent


def for_staff(act: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only active staff whose role may do ``act``; and only with the factor that the role needs."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
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
        return wrapper

    return decorate


def shell(request: StaffRequest) -> dict[str, object]:
    """The rail of the studio."""
    entries = [
        {
            "label": _("Articles"),
            "url": reverse("studio"),
            "icon": "book",
            "count": None,
            "current": "/studio/things/" not in request.path and "worklist" not in request.path and "plan" not in request.path,
        },
        {
            "label": _("What to write next"),
            "url": reverse("studio-worklist"),
            "icon": "note",
            "count": Proposal.objects.filter(state=Proposal.State.OPEN).count() or None,
            "current": "worklist" in request.path,
        },
    ]
    for thing in THINGS.values():
        address = reverse("studio-things", args=[thing.code])
        entries.append(
            {"label": thing.name, "url": address, "icon": thing.icon, "count": None, "current": request.path.startswith(address)}
        )
    foot = []
    if may(request.agent, "desk.read"):
        foot.append({"label": _("Desk"), "url": reverse("desk"), "icon": "inbox", "count": None})
    foot.append({"label": _("Sign-in and safety"), "url": reverse("account"), "icon": "key", "count": None})
    foot.append({"label": _("Help centre"), "url": reverse("help-home"), "icon": "home", "count": None})
    return {
        "rail": [{"title": _("Studio"), "entries": entries}],
        "rail_foot": foot,
        "agent": {"name": request.agent.label(get_language() or "en"), "presence": ""},
        "may_write": may(request.agent, "studio.write"),
        "may_publish": may(request.agent, "studio.publish"),
    }
