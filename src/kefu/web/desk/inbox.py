"""The inbox: a view, its list, and the page around it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.channels.email.health import troubled
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.text.conditions import BadCondition
from kefu.web.desk import saved
from kefu.web.desk.bulk_choices import options
from kefu.web.desk.counts import APPROVALS, INCIDENTS, LOAD, RULES, SPIKES, UNSEEN, counts, written
from kefu.web.desk.find import by_number
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.keyset import after, position
from kefu.web.desk.lines import found, lines
from kefu.web.desk.places import places
from kefu.web.desk.search import find, why_not
from kefu.web.desk.views import BY_SLUG, NEWEST, VIEWS, rows_of

PAGE = 50
CALLS = {"waiting": "waiting", "mentioned": UNSEEN}  # views that call whoever looks at the rail, and the count that says so


@require_safe
@for_agents("desk.read")
def inbox(request: AgentRequest) -> HttpResponse:
    """The desk with no conversation open."""
    query = request.GET.get("q", "").strip()[:200]
    if one := by_number(request.agent, query, let_in=True):
        return redirect(reverse("desk-conversation", args=[one.uid]))
    context = shell(request) | listing(request) | {"pane": "list"}
    template = "desk/list.html" if request.headers.get("HX-Target") == "inbox" else "desk/inbox.html"
    return render(request, template, context)


def listing(request: AgentRequest, *, current: str = "") -> dict[str, Any]:
    """One page of the chosen view, or of the search; ``current``: the uid of the conversation that is open."""
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
    listed = found(page[:PAGE])
    choosing = may(request.agent, "desk.assign") and not (view.let_in and not query)
    place = urlencode({"view": view.slug} | ({"q": query} if query else {}))
    return {
        "view": view,
        "query": query,
        "place": place,
        "problem": problem,
        "may_assign": choosing,
        "bulk_options": options,
        "sharing": saved.sharing(language) if query and may(request.agent, "views.share") else [],
        "saved_view": saved.seen_by(request.agent).filter(conditions=query).first() if query else None,
        "lines": lines(listed, place=place, current=current or request.GET.get("at", ""), choosing=choosing, language=language),
        "older": position(listed[-1], order) if len(page) > PAGE and listed else "",
    }


def shell(request: AgentRequest) -> dict[str, Any]:
    """What stands around every desk page: the views with their counts, the agent's own state, the stream."""
    agent = request.agent
    numbers = counts(agent)
    in_list = request.path == reverse("desk") or getattr(request.resolver_match, "url_name", "") == "desk-conversation"
    current = request.GET.get("view", VIEWS[0].slug) if in_list and not request.GET.get("q") else ""
    entries = [
        {
            "label": view.label,
            "url": f"{reverse('desk')}?view={view.slug}",
            "icon": view.icon,
            "count": written(numbers[view.slug]),
            "late": numbers.get(CALLS.get(view.slug, ""), 0) > 0,
            "current": view.slug == current,
        }
        for view in VIEWS
    ]
    kept = saved.entries(agent, request.GET.get("q", ""))
    spikes = numbers[SPIKES]
    foot: list[dict[str, Any]] = [
        {"label": one.label, "url": one.url, "icon": one.icon, "count": None} for one in places(agent) if one.in_rail
    ]
    by_url = {entry["url"]: entry for entry in foot}
    if incidents := by_url.get(reverse("desk-incidents")):
        incidents |= {"count": numbers[INCIDENTS] + spikes or None, "late": spikes > 0}
    if (wishes := by_url.get(reverse("desk-approvals"))) and may(agent, "approvals.decide"):
        wait = numbers[APPROVALS] + numbers[RULES]
        wishes |= {"count": wait or None, "late": wait > 0}
    if mailboxes := by_url.get(reverse("desk-mailboxes")):
        mailboxes |= {"count": len(troubled()) or None, "late": True}
    for entry in foot:  # one's place on the pages that are no view
        entry["current"] = request.path.startswith(entry["url"])
    return {
        "rail": [{"title": "", "entries": entries}, *([{"title": _("Saved"), "entries": kept}] if kept else [])],
        "rail_foot": foot,
        "agent": me(agent),
        "may_share": may(agent, "views.share"),
        "agent_load": f"{numbers[LOAD]}/{agent.capacity}",
        "me": agent,
        "me_answers": may(agent, "desk.answer"),
        "presences": Agent.Presence.choices,
        "rail_me": "desk/presence.html",
        "desk_ticket": reverse("desk-ticket"),
        "texts": texts(),
    }


def me(agent: Agent) -> dict[str, str]:
    """The agent as the rail shows one."""
    marks = {Agent.Presence.ONLINE: "on", Agent.Presence.AWAY: "away", Agent.Presence.OFFLINE: "off"}
    presence = Agent.Presence(agent.presence)
    return {"name": agent.label(get_language() or "en"), "presence": marks[presence], "words": str(presence.label)}


def texts() -> dict[str, str]:
    """What the desk's script says."""
    return {
        "send_anyway": _("Send it all the same"),
        "goes_out": _("Goes out in {n} s"),
        "kept": _("Draft kept"),
        "mentioned": _("{name} calls you into {number}"),
        "open": _("Open it"),
        "decided_approved": _("{number}: approved, it is being carried out"),
        "decided_declined": _("{number}: declined"),
        "decided_expired": _("{number}: nobody decided in time"),
        "decided_failed": _("{number}: approved, but it could not be carried out"),
        "mentioned_view": f"{reverse('desk')}?view=mentioned",
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
