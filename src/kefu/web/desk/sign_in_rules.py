"""/desk/staff/sign-in/: what each role must show to come to its work."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.people.models import Agent, RoleRule
from kefu.people.required_factors import NobodyCouldComeBack, needed, require, standing
from kefu.system.audit.log import write as audit
from kefu.web.desk import staff_words
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

Needs = RoleRule.Needs


@require_http_methods(["GET", "POST"])
@for_agents("settings.write")
def sign_in_rules(request: AgentRequest) -> HttpResponse:
    """One choice for each role. All are kept or none."""
    chosen = {role: request.POST.get(role, "") for role in Agent.Role.values} if request.method == "POST" else {}
    problem = ""
    if chosen:
        try:
            changes = _keep(chosen, request.agent)
        except NobodyCouldComeBack:
            problem = _("Administrators must always be able to come back. Set up a passkey of your own first, and see that it works.")
            if chosen[Agent.Role.ADMINISTRATOR] == Needs.NOTHING:
                problem = _("Whoever can change everything needs more than a password.")
        else:
            if changes:
                audit(str(request.agent), "staff.sign_in_rules", "roles", **changes)
            messages.success(request, _("Saved.") if changes else _("Nothing was changed."))
            return redirect("desk-sign-in-rules")
    context = {"rows": _rows(chosen), "needs": Needs.choices, "problem": problem, "idle": settings.STAFF_IDLE_MINUTES}
    context |= {"hours": settings.STAFF_SESSION_HOURS, "passkey": Needs.PASSKEY.value}
    return render(request, "desk/sign_in_rules.html", shell(request) | context, status=422 if problem else 200)


def _keep(chosen: dict[str, str], by: Agent) -> dict[str, str]:
    """What changed, by role. A value that is no choice leaves its role as it is. Raises NobodyCouldComeBack."""
    with transaction.atomic():
        wanted = {role: Needs(value) for role, value in chosen.items() if value in Needs.values}
        return {role: needs.value for role, needs in wanted.items() if require(role, needs, by=by)}


def _rows(chosen: dict[str, str]) -> list[dict[str, Any]]:
    stand = standing()
    return [
        {
            "role": role,
            "name": staff_words.role(role),
            "needs": chosen.get(role) or needed(role).value,
            **{name: stand[role][name] for name in ("factor", "passkey")},
            "staff": stand[role]["all"],
        }
        for role in Agent.Role.values
    ]
