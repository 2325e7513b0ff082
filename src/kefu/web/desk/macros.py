"""Macros at the desk: choose one for a reply, and write them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.automation.actions import BadAction, read_actions
from kefu.automation.macros import fill, macros_of
from kefu.automation.models import Macro
from kefu.conversations.guard import clear
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

SHOWN = 12


@require_safe
@for_agents("desk.answer")
def choices(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The macros that fit what is typed, filled for this conversation."""
    talk = visible(request.agent, uid)
    found = macros_of(request.agent, request.GET.get("q", "").strip()[:80])[:SHOWN]
    rows = [(macro, fill(macro, talk, agent=request.agent), words(macro.actions)) for macro in found]
    return render(request, "desk/macro_choices.html", {"rows": rows})


@require_safe
@for_agents("desk.answer")
def macros(request: AgentRequest) -> HttpResponse:
    """All macros that the agent sees; those that others keep can be read, not changed."""
    own = set(writable(request.agent).values_list("pk", flat=True))
    labels = dict(settings.LANGUAGES)
    rows = [
        (macro, words(macro.actions), macro.pk in own, [(code, labels.get(code, code), text) for code, text in macro.texts.items() if text])
        for macro in macros_of(request.agent)
    ]
    return render(request, "desk/macros.html", shell(request) | {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_agents("desk.answer")
def macro(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """Write one; what was typed is kept over an error."""
    found = get_object_or_404(writable(request.agent), pk=pk) if pk else Macro(owner=request.agent)
    given = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        "macro": found,
        "name": given.get("name", "") if given else found.name,
        "texts": [
            (code, label, given.get(f"text-{code}", "") if given else found.texts.get(code, "")) for code, label in settings.LANGUAGES
        ],
        "actions": given.get("actions", "") if given else "\n".join(f"{a['do']}:{a['value']}" for a in found.actions),
        "shared": given.get("shared") == "1" if given else found.owner_id is None,
        "may_share": may(request.agent, "macros.share"),
        "problem": "",
    }
    if given is not None:
        context["problem"] = _keep(request, found, context)
        if not context["problem"]:
            return redirect("desk-macros")
    return render(request, "desk/macro.html", shell(request) | context, status=422 if context["problem"] else 200)


@require_POST
@for_agents("desk.answer")
def removal(request: AgentRequest, pk: int) -> HttpResponse:
    get_object_or_404(writable(request.agent), pk=pk).delete()
    return redirect("desk-macros")


def writable(agent: Agent) -> "QuerySet[Macro]":
    """The macros that the agent may change: one's own, and everybody's if the role may share."""
    allowed = Q(owner=agent)
    if may(agent, "macros.share"):
        allowed |= Q(owner=None)
    return Macro.objects.filter(allowed)


def words(actions: list[dict[str, str]]) -> str:
    """Actions in a line, as they are written."""
    return " · ".join(f"{a['do']}:{a['value']}" for a in actions)


def _keep(request: AgentRequest, found: Macro, context: dict[str, Any]) -> str:
    """Save the macro; the words why not."""
    found.name = context["name"].strip()[:80]
    found.texts = {code: clear(text.strip())[0][:4000] for code, _label, text in context["texts"] if text.strip()}
    if not found.name:
        return _("Give it a name that colleagues find.")
    try:
        found.actions = read_actions(context["actions"][:2000])
    except BadAction as error:
        return _("This action means nothing here: %(action)s") % {"action": error}
    if not found.texts and not found.actions:
        return _("Write a text or an action.")
    found.owner = None if context["shared"] and context["may_share"] else request.agent
    found.save()
    return ""
