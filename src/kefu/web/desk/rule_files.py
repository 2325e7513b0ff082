"""Rules as files: out, and in from here or elsewhere."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.automation.actions import BadAction, check
from kefu.automation.models import Trigger
from kefu.automation.rules import EVENTS, TIME, forget_watched
from kefu.system.audit.log import write as audit
from kefu.text.conditions import BadCondition, parse
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.rules import page
from kefu.web.desk.search import why_not

LARGEST = 1_000_000  # bytes
MOST = 500  # rules


class BadFile(ValueError):
    """The text says what is wrong, and where."""


@require_safe
@for_agents("rules.write")
def export(request: AgentRequest) -> HttpResponse:
    """All rules as a file that another installation reads."""
    rows = [
        {"name": r.name, "event": r.event, "conditions": r.conditions, "actions": r.actions, "active": r.active}
        for r in Trigger.objects.all()
    ]
    response = HttpResponse(json.dumps(rows, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kefu-rules.json"'
    return response


@require_POST
@for_agents("rules.write")
def load(request: AgentRequest) -> HttpResponse:
    """Take rules from a file: all or none, switched off; one of the same name is replaced."""
    file = request.FILES.get("file")
    try:
        found = imported(file.read(LARGEST + 1) if file else b"")
    except BadFile as error:
        return page(request, problem=str(error))
    with transaction.atomic():
        for values in found:
            Trigger.objects.update_or_create(name=values.pop("name"), defaults=values | {"active": False})
    audit(str(request.agent), "rules.imported", "rules", count=len(found))
    forget_watched()
    return redirect("desk-rules")


def imported(content: bytes) -> list[dict[str, Any]]:
    """The rules of a file, each checked as one that is typed. Raises BadFile."""
    try:
        rows = json.loads(content) if len(content) <= LARGEST else None
    except (ValueError, RecursionError) as error:
        raise BadFile(_("This is no file of rules: it is not JSON.")) from error
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST or not all(isinstance(row, dict) for row in rows):
        raise BadFile(_("This is no file of rules: it should hold a list of at most %(most)d.") % {"most": MOST})
    found = [_rule(row, number) for number, row in enumerate(rows, 1)]
    if len({one["name"] for one in found}) < len(found):
        raise BadFile(_("Two rules have the same name."))
    return found


def _rule(row: dict[str, Any], number: int) -> dict[str, Any]:
    name, event, conditions = (str(row.get(key, "")).strip() for key in ("name", "event", "conditions"))
    actions = row.get("actions")
    where = _("Rule %(number)d (%(name)s):") % {"number": number, "name": name[:80] or "?"}
    if not name or len(name) > 80 or len(conditions) > 500:
        raise BadFile(f"{where} " + _("it needs a name of at most 80 characters."))
    if event not in {*map(str, EVENTS), TIME}:
        raise BadFile(f"{where} " + _("“%(event)s” is no event.") % {"event": event[:40]})
    try:
        parse(conditions)
        clean = check(actions if isinstance(actions, list) and all(isinstance(one, dict) for one in actions) else [])
    except BadCondition as error:
        raise BadFile(f"{where} {why_not(error)}") from error
    except BadAction as error:
        raise BadFile(f"{where} " + _("This action means nothing here: %(action)s") % {"action": error}) from error
    if not clean or (event == TIME and not conditions):
        raise BadFile(f"{where} " + _("it does nothing, or acts at every minute without a condition."))
    return {"name": name, "event": event, "conditions": conditions, "actions": clean}
