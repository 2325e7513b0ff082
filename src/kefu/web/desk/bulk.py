"""Actions on many conversations: chosen in the list, begun, watched, stopped and undone."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.automation.actions import BadAction
from kefu.automation.bulk import MOST, TooMany, progress, start, stop, undo
from kefu.automation.models import BulkItem, BulkRun
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.text.conditions import BadCondition
from kefu.web.desk import action_words, labels
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.search import find
from kefu.web.desk.views import BY_SLUG, VIEWS, rows_of

SHOWN = 20


@require_POST
@for_agents("desk.assign")
def begin(request: AgentRequest) -> HttpResponse:
    """``ids``: the chosen ones; or with ``all=1`` everything in ``view`` or found by ``q``. ``do`` is the action."""
    do, _sep, value = request.POST.get("do", "").partition(":")
    value = value or request.POST.get("value", "").strip()
    try:
        run = start(_chosen(request), [{"do": do, "value": value}], by=request.agent)
    except BadAction:
        return _refused(request, _("Choose what to do. A tag needs a name."))
    except TooMany:
        return _refused(request, _("At most %(most)d at once: narrow the search.") % {"most": MOST})
    except (ValueError, BadCondition):
        return _refused(request, _("Choose at least one conversation."))
    return redirect("desk-bulk", run.pk)


@require_safe
@for_agents("desk.assign")
def run(request: AgentRequest, pk: int) -> HttpResponse:
    """How far it is; the figures alone when the page asks again."""
    found = get_object_or_404(own(request.agent), pk=pk)
    counts = progress(found)
    context: dict[str, Any] = {
        "run": found,
        "counts": counts,
        "words": action_words.done(f"{one['do']}:{one['value']}" for one in found.actions),
        "failed": _failed(found) if counts["failed"] else [],
    }
    if request.headers.get("HX-Target") == "bulk":
        return render(request, "desk/bulk_progress.html", context)
    return render(request, "desk/bulk.html", shell(request) | context)


@require_POST
@for_agents("desk.assign")
def stopping(request: AgentRequest, pk: int) -> HttpResponse:
    """Leave the rest as it is."""
    stop(get_object_or_404(own(request.agent), pk=pk))
    return redirect("desk-bulk", pk)


@require_POST
@for_agents("desk.assign")
def undoing(request: AgentRequest, pk: int) -> HttpResponse:
    """Put back what was changed."""
    undo(get_object_or_404(own(request.agent), pk=pk), by=request.agent)
    return redirect("desk-bulk", pk)


def own(agent: Agent) -> Any:
    """One's own runs; leaders see everybody's."""
    return BulkRun.objects.all() if may(agent, "rules.write") else BulkRun.objects.filter(agent=agent)


def _failed(run: BulkRun) -> list[tuple[BulkItem, str]]:
    """The first of those that could not be done, and why."""
    rows = run.items.filter(state=BulkItem.State.FAILED).select_related("conversation").order_by("pk")[:SHOWN]
    return [(one, _why(one.after)) for one in rows]


def _why(after: dict[str, Any]) -> str:
    if "unfinished" in after:
        return _("Its checklist is unfinished: %(items)s") % {"items": labels.items(after["unfinished"])}
    return str(after.get("error", ""))


def _chosen(request: AgentRequest) -> list[int]:
    if request.POST.get("all") != "1":
        uids = [uid for uid in request.POST.getlist("ids") if re.fullmatch(r"[0-9a-f]{32}", uid)][:MOST]
        rows = Conversation.objects.visible_to(request.agent).filter(uid__in=uids)  # type: ignore[attr-defined]
        return list(rows.values_list("pk", flat=True))
    query = request.POST.get("q", "").strip()[:200]
    rows = find(request.agent, query) if query else rows_of(BY_SLUG.get(request.POST.get("view", ""), VIEWS[0]), request.agent)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def _refused(request: AgentRequest, notice: str) -> HttpResponse:
    return render(request, "desk/bulk_refused.html", shell(request) | {"notice": notice}, status=422)
