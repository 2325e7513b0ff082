"""The inbox: a view, its list, and the page around it."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.automation.models import View
from kefu.channels.email.health import troubled
from kefu.conversations.models import Conversation
from kefu.incidents.known import open_incidents
from kefu.incidents.spikes import going_on
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.sla.explain import length
from kefu.text import numbering
from kefu.text.conditions import BadCondition
from kefu.topics.names import names
from kefu.web.desk import labels, saved
from kefu.web.desk.bulk_choices import choices
from kefu.web.desk.clocks import with_next_due
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.keyset import after, position
from kefu.web.desk.search import find, why_not
from kefu.web.desk.views import BY_SLUG, NEWEST, VIEWS, counts, rows_of, written

PAGE = 50
NOBODY = UUID(int=0)  # stands in an address for the conversation: finding an address costs more than writing one
# What a line shows and what says where it stands; the JSON of a conversation and of a customer is not read for it.
SHOWN = (
    "uid", "number", "subject", "language", "priority", "tier", "topic_id", "customer__name",
    "waiting_since", "queued_at", "solved_at", "last_message_at", "agent_read_seq", "last_seq",
)  # fmt: skip


@require_safe
@for_agents("desk.read")
def inbox(request: AgentRequest) -> HttpResponse:
    """The desk with no conversation open."""
    query = request.GET.get("q", "").strip()[:200]
    if wanted := numbering.read(query):
        rows = Conversation.objects.visible_to(request.agent)  # type: ignore[attr-defined]
        if found := rows.filter(number=wanted).first():
            return redirect(reverse("desk-conversation", args=[found.uid]))
    context = shell(request) | listing(request) | {"pane": "list"}
    template = "desk/list.html" if request.headers.get("HX-Target") == "inbox" else "desk/inbox.html"
    return render(request, template, context)


def listing(request: AgentRequest) -> dict[str, Any]:
    """One page of the chosen view, or of the search."""
    language = get_language() or "en"
    view = BY_SLUG.get(request.GET.get("view", ""), VIEWS[0])
    query = request.GET.get("q", "").strip()[:200]
    problem, order = "", NEWEST if query else view.order
    try:
        rows = find(request.agent, query) if query else rows_of(view, request.agent)
    except BadCondition as error:
        rows, problem = Conversation.objects.none(), why_not(error)
    # Which rows first, then what is shown of them: nothing is worked out for rows that are not on this page.
    page = list(after(rows, order, request.GET.get("after", "")).values_list("pk", flat=True)[: PAGE + 1])
    found = {one.pk: one for one in with_next_due(shown_rows(page[:PAGE]))}
    listed = [found[pk] for pk in page[:PAGE] if pk in found]
    at, topics = now(), names(language)
    address = reverse("desk-conversation", args=[NOBODY])
    for one in listed:
        one.address = address.replace(str(NOBODY), str(one.uid))  # type: ignore[attr-defined]
        one.sla_tone = "late" if one.next_due and one.next_due <= at else "soon" if one.next_warn and one.next_warn <= at else ""  # type: ignore[attr-defined]
        one.sla_left = length(abs(one.next_due - at)) if one.next_due else ""  # type: ignore[attr-defined]
        one.topic_name = topics.get(one.topic_id, "")  # type: ignore[attr-defined]
        one.language_name = labels.language(one.language)  # type: ignore[attr-defined]
        one.unread = one.waiting_since is not None and one.agent_read_seq < one.last_seq  # type: ignore[attr-defined]
    return {
        "view": view,
        "query": query,
        "problem": problem,
        "may_assign": may(request.agent, "desk.assign"),
        "bulk_choices": choices,
        "saved_view": View.objects.filter(conditions=query).filter(Q(owner=None) | Q(owner=request.agent)).first() if query else None,
        "rows": listed,
        "older": position(listed[-1], order) if len(page) > PAGE and listed else "",
    }


def shell(request: AgentRequest) -> dict[str, Any]:
    """What stands around every desk page: the views with their counts, the agent's own state, the stream."""
    agent = request.agent
    numbers = counts(agent)
    current = request.GET.get("view", VIEWS[0].slug) if request.path == reverse("desk") else ""
    entries = [
        {
            "label": view.label,
            "url": f"{reverse('desk')}?view={view.slug}",
            "icon": view.icon,
            "count": written(numbers[view.slug]),
            "late": view.slug == "waiting" and numbers[view.slug] > 0,
            "current": view.slug == current,
        }
        for view in VIEWS
    ]
    kept = saved.entries(agent, request.GET.get("q", ""))
    foot: list[dict[str, Any]] = (
        [{"label": _("Macros"), "url": reverse("desk-macros"), "icon": "bolt", "count": None}] if may(agent, "desk.answer") else []
    )
    spikes = len(going_on())
    count = len(open_incidents()) + spikes
    foot.append({"label": _("Incidents"), "url": reverse("desk-incidents"), "icon": "alert", "count": count or None, "late": spikes > 0})
    if may(agent, "reports.read"):
        foot.append({"label": _("Reports"), "url": reverse("desk-reports"), "icon": "trade", "count": None})
    if may(agent, "reviews.read"):
        foot.append({"label": _("Quality"), "url": reverse("desk-reviews"), "icon": "star", "count": None})
    if may(agent, "rules.write"):
        foot.append({"label": _("Rules"), "url": reverse("desk-rules"), "icon": "layers", "count": None})
    if may(agent, "settings.write"):
        foot.append(
            {"label": _("Mailboxes"), "url": reverse("desk-mailboxes"), "icon": "at", "count": len(troubled()) or None, "late": True}
        )
    if may(agent, "board.read"):
        foot.append({"label": _("Board"), "url": reverse("board"), "icon": "chart", "count": None})
    if may(agent, "studio.read"):
        foot.append({"label": _("Studio"), "url": reverse("studio"), "icon": "pen", "count": None})
    return {
        "rail": [{"title": "", "entries": entries}, *([{"title": _("Saved"), "entries": kept}] if kept else [])],
        "rail_foot": foot,
        "agent": me(agent),
        "may_share": may(agent, "views.share"),
        "agent_load": f"{load_of(agent)}/{agent.capacity}",
        "me": agent,
        "desk_ticket": reverse("desk-ticket"),
        "texts": texts(),
    }


def me(agent: Agent) -> dict[str, str]:
    """The agent as the rail shows one."""
    marks = {Agent.Presence.ONLINE: "on", Agent.Presence.AWAY: "away", Agent.Presence.OFFLINE: "off"}
    return {"name": agent.label(get_language() or "en"), "presence": marks[Agent.Presence(agent.presence)]}


def load_of(agent: Agent) -> int:
    """How many live talks the agent has."""
    return Conversation.objects.filter(assignee=agent, stage=Conversation.Stage.LIVE).count()


def shown_rows(ids: list[int]) -> "QuerySet[Conversation]":
    """Conversations with what a line of the list shows."""
    return Conversation.objects.filter(pk__in=ids).select_related("customer").only(*SHOWN)


def texts() -> dict[str, str]:
    """What the desk's script says."""
    return {
        "send_anyway": _("Send it all the same"),
        "goes_out": _("Goes out in {n} s"),
        "kept": _("Draft kept"),
        "views": _("{name} is looking at this"),
        "writes": _("{name} is writing an answer"),
        "not_sent": _("Not sent. Your text is still here; send it again."),
        "upload_failed": _("did not arrive"),
        "remove": _("Remove"),
        "typing": _("The customer is typing …"),
        "read": _("Read"),
        "write_note": _("Write to colleagues; the customer cannot see it"),
        "write_reply": _("Write to the customer"),
    }
