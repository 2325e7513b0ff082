"""Whether somebody still sits before a page: its script asks how long the session lasts, and tells of keys and the pointer."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kefu.people import staff_sessions
from kefu.people.permissions import agent_of
from kefu.web.ui.again import not_signed_in


@never_cache
@require_http_methods(["GET", "POST"])
def here(request: HttpRequest) -> HttpResponse:
    """POST ``ago``: seconds since a person last did something. Answers with what is left, and whose session it is."""
    agent = agent_of(request.user)
    if agent is None:
        return not_signed_in(request)
    if not staff_sessions.is_counted(request.session):
        staff_sessions.begin(request.session)
    if request.method == "POST":
        ago = request.POST.get("ago", "0")
        staff_sessions.use(request.session, ago=int(ago[:6]) if ago.isdecimal() else 0)
    left = staff_sessions.left(request.session)
    return JsonResponse({"idle": left.idle, "age": left.age, "who": agent.pk})


here.shown_when_idle = True  # type: ignore[attr-defined]  # so that a page learns that nobody is there without ending what hangs on the wall
