"""Where one lands after signing in: staff at the desk, customers at their conversations."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kefu.people.permissions import agent_of, may
from kefu.people.sign_in import customer_of


@login_required
def after_sign_in(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request.user)
    if agent is None:
        customer_of(request.user)  # type: ignore[arg-type]
        return redirect("conversations")
    return redirect("desk" if may(agent, "desk.read") else "studio")
