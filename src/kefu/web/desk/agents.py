"""The staff: who works here, with what role, skills and load; invited, changed, let go and taken back."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.conversations import let_go
from kefu.conversations.models import Conversation
from kefu.people.models import Agent, Team
from kefu.people.permissions import ACTS, may
from kefu.people.staff import LastAdministrator, dismiss, take_back
from kefu.system.audit.log import write as audit
from kefu.web.desk import labels, staff_words
from kefu.web.desk.agent_form import AgentForm
from kefu.web.desk.agent_sessions import may_end, open_sessions
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.invitation import invite, second_factor_removed
from kefu.web.desk.keyset import after, position

PAGE = 100
ORDER = ("badge",)
STATES = {"active": Q(active=True), "invited": Q(active=True, user__last_login=None), "left": Q(active=False)}


@require_safe
@for_agents("staff.plan")
def agents(request: AgentRequest) -> HttpResponse:
    """All of them, narrowed by words, state and team."""
    query, state, team = (request.GET.get(name, "").strip()[:80] for name in ("q", "state", "team"))
    rows = Agent.objects.filter(STATES.get(state, STATES["active"])).select_related("user").prefetch_related("teams")
    if query:
        rows = rows.filter(
            Q(alias__icontains=query) | Q(alias_en__icontains=query) | Q(badge__iexact=query) | Q(user__email__icontains=query)
        )
    if team:
        rows = rows.filter(teams__slug=team)
    page = list(after(rows, ORDER, request.GET.get("after", ""))[: PAGE + 1])
    shown = page[:PAGE]
    held = Conversation.objects.filter(assignee__in=shown, stage=Conversation.Stage.LIVE).order_by()
    load = dict(held.values_list("assignee").annotate(n=Count("pk")))
    reader = get_language() or "en"
    all_teams = Team.objects.annotate(members=Count("agents", filter=Q(agents__active=True)))
    safe = set(Authenticator.objects.filter(user__in=[one.user_id for one in shown]).values_list("user_id", flat=True))
    context = {
        "rows": [
            {
                "agent": one,
                "name": one.label(reader),
                "role": staff_words.role(one.role),
                "teams": [each.label(reader) for each in one.teams.all()],
                "languages": [labels.language(code) for code in one.languages],
                "load": load.get(one.pk, 0),
                "safe": one.user_id in safe,
            }
            for one in shown
        ],
        "older": position(shown[-1], ORDER) if len(page) > PAGE else "",
        "query": query, "state": state if state in STATES else "active", "team": team,
        "teams": [(each, each.label(reader)) for each in all_teams.order_by("slug")],
        "may_write": may(request.agent, "staff.write"),
    }  # fmt: skip
    return render(request, "desk/agents.html", shell(request) | context)


@require_http_methods(["GET", "POST"])
@for_agents("staff.plan")
def agent(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """One of them. A new one gets a mail with a way to choose a password."""
    accounts = may(request.agent, "staff.write")
    if not pk and not accounts:
        raise PermissionDenied
    found = get_object_or_404(_all(), pk=pk) if pk else Agent()
    form = AgentForm(request.POST or None, instance=found, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        kept, changes = form.keep()
        audit(str(request.agent), "agent.changed" if pk else "agent.created", f"agent:{kept.badge}", changes=changes)
        if not pk:
            invite(kept)
            messages.success(request, _("Invited. A mail with a way to choose a password is on its way."))
        else:
            messages.success(request, _("Saved."))
        return redirect("desk-agent", kept.pk)
    context: dict[str, Any] = {
        "found": get_object_or_404(_all(), pk=pk) if pk else None,  # as it is, not as it was typed
        "name": found.label(get_language() or "en") if pk else "",
        "form": form,
        "may_write": accounts,
        "has_factor": bool(pk) and Authenticator.objects.filter(user=found.user_id).exists(),
        "own": pk == request.agent.pk,
        "may_end": bool(pk) and may_end(request.agent, found),
        "sessions": open_sessions(found) if pk and may_end(request.agent, found) else [],
        "table": [(staff_words.act(act), [role in roles for role in Agent.Role]) for act, roles in ACTS.items()],
        "roles": [staff_words.role(role.value) for role in Agent.Role],
    }
    return render(request, "desk/agent.html", shell(request) | context, status=422 if form.errors else 200)


@require_POST
@for_agents("staff.write")
def invitation(request: AgentRequest, pk: int) -> HttpResponse:
    """Send once more the mail by which a password is chosen."""
    found = get_object_or_404(_all(), pk=pk, active=True)
    invite(found)
    audit(str(request.agent), "agent.invited", f"agent:{found.badge}")
    messages.success(request, _("Sent to %(address)s.") % {"address": found.user.email})
    return redirect("desk-agent", pk)


@require_POST
@for_agents("staff.write")
def second_factor(request: AgentRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor; the agent is told, and sets up another one at the next sign-in."""
    found = get_object_or_404(_all(), pk=pk)
    if pk == request.agent.pk:
        raise PermissionDenied  # one's own is removed where one signs in, with the old one
    removed, _each = Authenticator.objects.filter(user=found.user).delete()
    if removed:
        second_factor_removed(found, by=request.agent)
        audit(str(request.agent), "agent.second_factor_removed", f"agent:{found.badge}")
        messages.success(request, _("Removed. The next sign-in asks for a new one."))
    return redirect("desk-agent", pk)


@require_POST
@for_agents("staff.write")
def leaving(request: AgentRequest, pk: int) -> HttpResponse:
    """``active=0`` ends the access at once and hands over what they hold; ``active=1`` takes them back."""
    found = get_object_or_404(_all(), pk=pk)
    if request.POST.get("active") == "1":
        take_back(found)
        audit(str(request.agent), "agent.taken_back", f"agent:{found.badge}")
        messages.success(request, _("Back at work, with the role and the skills from before."))
        return redirect("desk-agent", pk)
    if pk == request.agent.pk:
        messages.error(request, _("You cannot end your own access; another administrator can."))
        return redirect("desk-agent", pk)
    try:
        dismiss(found)
    except LastAdministrator:
        messages.error(request, _("The last administrator keeps the role: somebody must be able to set things right."))
        return redirect("desk-agent", pk)
    let_go.begin(found)
    audit(str(request.agent), "agent.left", f"agent:{found.badge}")
    messages.success(request, _("The access has ended. What they held goes back to the queue and to the teams."))
    return redirect("desk-agent", pk)


def _all() -> "QuerySet[Agent]":
    return Agent.objects.select_related("user")
