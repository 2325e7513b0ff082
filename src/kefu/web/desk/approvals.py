"""/desk/approvals/: what waits for a second person, what one asked for oneself, and which acts need one."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.approvals import rules as of_rules
from kefu.approvals.ask import withdraw
from kefu.approvals.decide import approve, decline
from kefu.approvals.kinds import KINDS, hours, needed
from kefu.approvals.models import Approval, RuleChange
from kefu.approvals.rules import MOST_HOURS
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation
from kefu.people.permissions import may
from kefu.web.desk import approval_words
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.views import LATELY

SHOWN = 50
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
    problem, status = _decided(request, found, approve, decline, withdraw)
    if request.headers.get("HX-Target") == "thread":
        return again(request, found.conversation.uid, problem, status)
    return _page(request, problem, status, at=str(pk)) if problem else redirect("desk-approvals")


@require_POST
@for_agents("approvals.decide")
def rule_decision(request: AgentRequest, pk: int) -> HttpResponse:
    """The same for a change of a rule."""
    found = get_object_or_404(RuleChange, pk=pk)
    problem, status = _decided(request, found, of_rules.approve, of_rules.decline, of_rules.withdraw)
    return _page(request, problem, status, at=f"rule-{pk}") if problem else redirect("desk-approvals")


@require_POST
@for_agents("settings.write")
def rules(request: AgentRequest) -> HttpResponse:
    """``needed``: the kinds that need a second person; ``hours-<kind>``: for how long one is waited for; ``why`` it is loosened."""
    chosen = set(request.POST.getlist("needed"))
    typed = {code: request.POST.get(f"hours-{code}", "") for code in KINDS}
    if not all(one.isdecimal() and len(one) < 4 and 1 <= int(one) <= MOST_HOURS for one in typed.values()):
        return _page(request, _("Hours are a whole number from 1 to %(most)d.") % {"most": MOST_HOURS}, 422)
    try:
        with transaction.atomic():
            for code, text in typed.items():
                wanted = of_rules.Setting(code in chosen, int(text))
                of_rules.change(code, wanted, reason=request.POST.get("why", ""), by=request.agent)
    except of_rules.NobodyElse:
        return _page(request, approval_words.nobody_else(), 422)
    except ValueError:
        return _page(request, _("This asks for less than before, so a second person must agree. Say why: they read it."), 422)
    except Conflict:
        return _page(request, _("Another change of this rule waits for a second person. Take it back first."), 409)
    return redirect("desk-approvals")


def _decided(request: AgentRequest, found: Any, agree: Any, disagree: Any, take_back: Any) -> tuple[str, int]:
    """What is wrong, in words, and the status; nothing where it was done."""
    wanted, said = request.POST.get("do", ""), request.POST.get("said", "")
    try:
        if wanted == "approve":
            agree(found, by=request.agent, said=said)
        elif wanted == "decline":
            disagree(found, by=request.agent, said=said)
        elif wanted == "withdraw":
            take_back(found, by=request.agent)
        else:
            return _("Approve it, decline it, or take it back."), 422
    except NotAllowed:
        return _("This needs a second person: somebody else, whose role may decide."), 403
    except ValueError:
        return _("Say why you decline: whoever asked reads it."), 422
    except Conflict as error:
        state = dict(State.choices).get(error.current, error.current)
        return _("Nothing changed: it is “%(state)s” already.") % {"state": state}, 409
    return "", 200


def _visible(request: AgentRequest) -> Any:
    """The wishes in conversations that the agent sees, and the agent's own."""
    seen = Conversation.objects.visible_to(request.agent)  # type: ignore[attr-defined]
    rows = Approval.objects.select_related("conversation", "asked_by", "decided_by")
    mine = rows.filter(asked_by=request.agent)
    return rows.filter(conversation__in=seen.values("pk")) | mine if may(request.agent, "approvals.decide") else mine


def _page(request: AgentRequest, problem: str = "", status: int = 200, *, at: str = "") -> HttpResponse:
    rows, agent = _visible(request), request.agent
    waits = rows.filter(state=State.WAITING).order_by("expires_at")[:SHOWN]
    ended = rows.filter(ended_at__gte=now() - LATELY).order_by("-ended_at")[:SHOWN]
    changes = RuleChange.objects.select_related("asked_by", "decided_by") if may(agent, "approvals.decide") else RuleChange.objects.none()
    changed = changes.filter(ended_at__gte=now() - LATELY).order_by("-ended_at")[:SHOWN]
    context = {
        "waiting": [approval_words.rule_card(one, agent) for one in changes.filter(state=State.WAITING).order_by("expires_at")]
        + [approval_words.card(one, agent) for one in waits],
        "ended": [approval_words.rule_card(one, agent) for one in changed] + [approval_words.card(one, agent) for one in ended],
        "decides": may(agent, "approvals.decide"),
        "problem": problem,
        "at": at,
        "said": request.POST.get("said", "") if at else "",
    }
    if may(agent, "settings.write"):
        context |= _settings(request, typed=bool(problem) and "hours-freeze" in request.POST)
    return render(request, "desk/approvals.html", shell(request) | context, status=status)


def _settings(request: AgentRequest, *, typed: bool) -> dict[str, Any]:
    """Which acts need a second person: as it stands, or as it was ``typed`` and not taken."""
    given = request.POST
    return {
        "why": given.get("why", "") if typed else "",
        "nobody_else": "" if of_rules.others_who_decide(request.agent) else approval_words.nobody_else(),
        "kinds": [
            (
                code,
                approval_words.kind(code),
                approval_words.about(code),
                code in given.getlist("needed") if typed else needed(code),
                given.get(f"hours-{code}", "") if typed else hours(code),
            )
            for code in KINDS
        ],
    }
