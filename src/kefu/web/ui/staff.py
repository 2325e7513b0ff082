"""What stands between a member of staff and their work: a session that has begun, and the factor that their role needs."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kefu.people import staff_sessions
from kefu.people.models import Agent
from kefu.people.required_factors import lacking
from kefu.web.ui.again import factor_first


def first(request: HttpRequest, agent: Agent) -> HttpResponse | None:
    """Where ``agent`` has to go before anything else; None when nothing is in the way.

    What somebody was just sending when the rule changed is given back with its words.
    """
    if not staff_sessions.is_counted(request.session):  # one from before sessions of staff were counted
        staff_sessions.begin(request.session)
    if not (what := lacking(request, agent)):
        return None
    place = f"{reverse('mfa_index')}?{urlencode({'need': what, 'next': request.get_full_path()})}"
    return redirect(place) if request.method == "GET" else factor_first(request, place)
