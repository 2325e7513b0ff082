"""/desk/approvals/: what waits for a second person, what one asked for oneself, and which acts need one."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.approvals.ask import withdraw
from kefu.approvals.decide import approve, decline
from kefu.approvals.kinds import KINDS, hours, needed
from kefu.approvals.models import Approval, Rule
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.web.desk import approval_words
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.views import LATELY

SHOWN = 50
MOST_HOURS = 168
State = Approval.State


@require_safe
@for_agents("desk.answer")
def approvals(request: AgentRequest) -> HttpResponse:
    """What waits, what was decided lately; for administrators also which acts need a second person."""
    return _page(request)


@require_safe
@for_agents("desk.read")
def wishes(request: AgentRequest, uid: UUID) -> HttpResponse:
    """What waits in one conversation: asked for again when something happened to one of them."""
    return render(request, "desk/wishes.html", approval_words.waiting_here(visible(request.agent, uid), request.agent))


@require_POST
@for_agents("desk.answer")
def decision(request: AgentRequest, pk: int) -> HttpResponse:
    """``do``: approve, decline (with ``said``) or withdraw."""
    found = get_object_or_404(_visible(request), pk=pk)
    wanted, said = request.POST.get("do", ""), request.POST.get("said", "")
    problem, status = "", 200
    try:
        if wanted == "approve":
            approve(found, by=request.agent, said=said)
        elif wanted == "decline":
            decline(found, by=request.agent, said=said)
        elif wanted == "withdraw":
            withdraw(found, by=request.agent)
        else:
            problem, status = _("Approve it, decline it, or take it back."), 422
    except NotAllowed:
        problem, status = _("This needs a second person: somebody else, whose role may decide."), 403
    except ValueError:
        problem, status = _("Say why you decline: whoever asked reads it."), 422
    except Conflict as error:
        state = dict(State.choices).get(error.current, error.current)
        problem, status = _("Nothing changed: it is “%(state)s” already.") % {"state": state}, 409
    if request.headers.get("HX-Target") == "thread":
        return again(request, found.conversation.uid, problem, status)
    return _page(request, problem, status, at=pk, said=said) if problem else redirect("desk-approvals")


@require_POST
@for_agents("settings.write")
def rules(request: AgentRequest) -> HttpResponse:
    """``needed``: the kinds that need a second person; ``hours-<kind>``: for how long one is waited for."""
    chosen = set(request.POST.getlist("needed"))
    typed = {code: request.POST.get(f"hours-{code}", "") for code in KINDS}
    if not all(one.isdecimal() and len(one) < 4 and 1 <= int(one) <= MOST_HOURS for one in typed.values()):
        return _page(request, _("Hours are a whole number from 1 to %(most)d.") % {"most": MOST_HOURS}, 422)
    with transaction.atomic():
        for code, text in typed.items():
            before = (needed(code), hours(code))
            after = (code in chosen, int(text))
            if before != after:
                Rule.objects.update_or_create(kind=code, defaults={"needed": after[0], "hours": after[1]})
                audit(str(request.agent), "approval.rule", f"approval:{code}", needed=after[0], hours=after[1])
    return redirect("desk-approvals")


def _visible(request: AgentRequest) -> Any:
    """The wishes in conversations that the agent sees, and the agent's own."""
    seen = Conversation.objects.visible_to(request.agent)  # type: ignore[attr-defined]
    rows = Approval.objects.select_related("conversation", "asked_by", "decided_by")
    mine = rows.filter(asked_by=request.agent)
    return rows.filter(conversation__in=seen.values("pk")) | mine if may(request.agent, "approvals.decide") else mine


def _page(request: AgentRequest, problem: str = "", status: int = 200, *, at: int = 0, said: str = "") -> HttpResponse:
    rows, agent = _visible(request), request.agent
    waits = rows.filter(state=State.WAITING).order_by("expires_at")[:SHOWN]
    ended = rows.filter(ended_at__gte=now() - LATELY).order_by("-ended_at")[:SHOWN]
    sets = may(agent, "settings.write")
    given = request.POST if problem and sets and "hours-freeze" in request.POST else None
    context = {
        "waiting": [approval_words.card(one, agent) for one in waits],
        "ended": [approval_words.card(one, agent) for one in ended],
        "decides": may(agent, "approvals.decide"),
        "kinds": [
            (
                code,
                approval_words.kind(code),
                approval_words.about(code),
                code in given.getlist("needed") if given else needed(code),
                given.get(f"hours-{code}", "") if given else hours(code),
            )
            for code in KINDS
        ]
        if sets
        else [],
        "problem": problem,
        "at": at,
        "said": said,
    }
    return render(request, "desk/approvals.html", shell(request) | context, status=status)
