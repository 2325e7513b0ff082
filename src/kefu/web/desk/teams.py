"""The teams: what they are called, how their tickets find somebody, and who belongs to them."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kefu.conversations.models import IS_OPEN, Conversation
from kefu.people.models import Agent, Team
from kefu.system.audit.log import write as audit
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.team_form import TeamForm

OFFERED = 200  # so many colleagues are listed to be ticked; in a larger house they are named by their badge numbers


@require_http_methods(["GET", "POST"])
@for_agents("staff.write")
def team(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """Make one, or change it and its members."""
    found = get_object_or_404(Team, pk=pk) if pk else Team()
    form = TeamForm(request.POST or None, instance=found)
    members = set(found.agents.values_list("pk", flat=True)) if pk else set()
    chosen = {int(one) for one in request.POST.getlist("member") if one.isdecimal() and len(one) < 15} if request.POST else members
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            kept = form.save()
            after = Agent.objects.filter(pk__in=chosen, active=True) | Agent.objects.filter(
                badge__in=form.cleaned_data["badges"], active=True
            )
            gone = Agent.objects.filter(pk__in=members, active=False)  # who left keeps the membership for the day of return
            kept.agents.set([*after, *gone])
            names = sorted(kept.agents.values_list("badge", flat=True))
            audit(str(request.agent), "team.changed" if pk else "team.created", f"team:{kept.slug}", hand_out=kept.hand_out, members=names)
        messages.success(request, _("Saved."))
        return redirect("desk-team", kept.pk)
    offered = Agent.objects.filter(active=True).order_by("badge")
    if offered.count() > OFFERED:
        offered = offered.filter(pk__in=members | chosen)
    context: dict[str, Any] = {
        "found": get_object_or_404(Team, pk=pk) if pk else None,
        "form": form,
        "offered": [(one, one.pk in chosen) for one in offered],
        "use": _use(found) if pk else "",
    }
    return render(request, "desk/team.html", shell(request) | context, status=422 if form.errors else 200)


@require_POST
@for_agents("staff.write")
def removal(request: AgentRequest, pk: int) -> HttpResponse:
    """Remove a team that nothing depends on any more."""
    found = get_object_or_404(Team, pk=pk)
    if use := _use(found):
        messages.error(request, use)
        return redirect("desk-team", pk)
    audit(str(request.agent), "team.removed", f"team:{found.slug}")
    found.delete()
    return redirect("desk-agents")


def _use(team: Team) -> str:
    """Why a team cannot be removed; empty when it can."""
    open_ones = Conversation.objects.filter(IS_OPEN, team=team)[:1].exists()
    topics = list(team.topics.values_list("slug", flat=True)[:5])
    if open_ones:
        return _("Open conversations belong to this team. Pass them on first.")
    if topics:
        return _("These topics come to this team: %(topics)s. Give them to another one first.") % {"topics": _(", ").join(topics)}
    return _("It has members.") if team.agents.exists() else ""
