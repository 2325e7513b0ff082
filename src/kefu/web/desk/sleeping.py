"""Asleep until the exchange has news, and asking for a proof by the app: what an agent does instead of waiting."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.prove import ask_for_proof
from kefu.conversations.sleep import sleep, stop
from kefu.exchange.port import Unavailable
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.proof import needed_rung

DAYS = {"1": 1, "3": 3, "7": 7}


@require_POST
@for_agents("desk.answer")
def sleeping(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``kind`` and ``subject``: what to wait for, at most so many ``days``; ``stop`` wakes it."""
    talk = visible(request.agent, uid)
    if request.POST.get("stop"):
        stop(talk, by=request.agent)
        return again(request, uid)
    days = DAYS.get(request.POST.get("days", "3"), 3)
    try:
        sleep(
            talk,
            kind=request.POST.get("kind", ""),
            subject=request.POST.get("subject", "")[:140],
            by=request.agent,
            until=now() + timedelta(days=days),
        )
    except Conflict as error:
        words = {
            "watched": _("It waits for this already."),
            "live": _("A live conversation cannot sleep."),
            "queued": _("A live conversation cannot sleep."),
            "bot": _("A live conversation cannot sleep."),
        }
        return again(request, uid, words.get(error.current, _("There is nothing to wait for: it has come to its end.")), 409)
    except NotAllowed:
        return again(request, uid, _("This customer has not proven an account."), 409)
    except Unavailable:
        return again(request, uid, _("The exchange does not answer just now. Try again in a minute."), 409)
    except ValueError:
        return again(request, uid, _("Choose what to wait for."), 422)
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def proof(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Ask the customer to prove the account as the topic needs it; only the result is ever seen here."""
    try:
        found = visible(request.agent, uid)
        ask_for_proof(found, by=request.agent, wanted=needed_rung(found))
    except Conflict:
        return again(request, uid, _("The account is proven already, or it is over."), 409)
    return again(request, uid)
