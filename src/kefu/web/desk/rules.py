"""Rules: when something happens and conditions hold, do this; tried on the last week before they are switched on."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.automation.actions import BadAction, read_actions
from kefu.automation.models import Trigger
from kefu.automation.rules import EVENTS, TIME, dry_run, forget_watched
from kefu.system.audit.log import write as audit
from kefu.text.conditions import BadCondition, parse
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.macros import words
from kefu.web.desk.search import why_not

SAMPLE = 10


@require_safe
@for_agents("rules.write")
def rules(request: AgentRequest) -> HttpResponse:
    """All rules in their order, with how often each acted."""
    return page(request)


def page(request: AgentRequest, *, problem: str = "") -> HttpResponse:
    """The list, with what went wrong."""
    found = Trigger.objects.annotate(acted=Count("firings"))
    rows = [(rule, event_name(rule.event), words(rule.actions), rule.acted) for rule in found]
    return render(request, "desk/rules.html", shell(request) | {"rows": rows, "problem": problem}, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@for_agents("rules.write")
def rule(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """Write one. ``try`` shows what it would have done in the last week and changes nothing."""
    found = get_object_or_404(Trigger, pk=pk) if pk else Trigger(event=EVENTS[0])
    given = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        "rule": found,
        "name": given.get("name", "") if given else found.name,
        "event": given.get("event", "") if given else found.event,
        "conditions": given.get("conditions", "") if given else found.conditions,
        "actions": given.get("actions", "") if given else "\n".join(f"{a['do']}:{a['value']}" for a in found.actions),
        "active": given.get("active") == "1" if given else found.active,
        "events": [(str(kind), event_name(str(kind))) for kind in (*EVENTS, TIME)],
        "problem": "",
        "tried": None,
    }
    if given is not None:
        context["problem"] = _read(found, context)
        if not context["problem"] and "try" in given:
            rows = dry_run(found)
            context["tried"], context["sample"] = rows.count(), list(rows.order_by("-last_message_at")[:SAMPLE])
        elif not context["problem"]:
            found.save()
            forget_watched()
            audit(str(request.agent), "rule.saved", f"rule:{found.pk}", name=found.name, active=found.active)
            return redirect("desk-rules")
    return render(request, "desk/rule.html", shell(request) | context, status=422 if context["problem"] else 200)


@require_POST
@for_agents("rules.write")
def removal(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Trigger, pk=pk)
    audit(str(request.agent), "rule.removed", f"rule:{found.pk}", name=found.name)
    found.delete()
    forget_watched()
    return redirect("desk-rules")


def event_name(kind: str) -> str:
    """What a rule waits for, in words."""
    return {
        "conversation.started": _("a conversation begins"),
        "message.received": _("the customer writes"),
        "message.said": _("support answers"),
        "conversation.status_changed": _("the status changes"),
        "conversation.reopened": _("it is opened again"),
        "conversation.assigned": _("somebody takes it"),
        "conversation.escalated": _("it is passed up"),
        "conversation.rated": _("the customer rates it"),
        "conversation.tagged": _("its tags change"),
        "conversation.priority_changed": _("its priority changes"),
        "delivery.failed": _("a mail is not delivered"),
        TIME: _("time passes (looked at every minute)"),
    }.get(kind, kind)


def _read(found: Trigger, context: dict[str, Any]) -> str:
    """Take what was typed into the rule, unsaved; the words why not."""
    found.name, found.event = context["name"].strip()[:80], context["event"]
    found.conditions, found.active = context["conditions"].strip()[:500], context["active"]
    if not found.name:
        return _("Give it a name: it signs everything that the rule does.")
    if found.event not in {*map(str, EVENTS), TIME}:
        return _("Choose when it acts.")
    try:
        parse(found.conditions)
        found.actions = read_actions(context["actions"][:2000])
    except BadCondition as error:
        return why_not(error)
    except BadAction as error:
        return _("This action means nothing here: %(action)s") % {"action": error}
    if not found.actions:
        return _("Say what it does, one action a line.")
    if found.event == TIME and not found.conditions:
        return _("A rule of time needs a condition, such as waiting>30m.")
    return ""
