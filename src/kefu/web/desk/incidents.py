"""Incidents at the desk: open one, tell how it stands, answer everybody, end it."""

from typing import Any

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.conversations.errors import Conflict, Refused, TooLong
from kefu.conversations.models import IS_OPEN, Conversation, locked
from kefu.incidents.answer import answer_all
from kefu.incidents.known import link, open_incidents
from kefu.incidents.manage import link_post_mortem, open_incident, tell
from kefu.incidents.models import Incident, Spike
from kefu.incidents.spikes import going_on
from kefu.topics.models import Topic
from kefu.web.desk.acts import again
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

SHOWN = 50


@require_safe
@for_agents("desk.read")
def incidents(request: AgentRequest) -> HttpResponse:
    """All of them, open ones first."""
    language = get_language() or "en"
    rows = sorted(Incident.objects.all()[:SHOWN], key=lambda one: (not one.is_open, -one.created.timestamp()))
    shown = [(one, one.title(language), one.conversations.count()) for one in rows]
    spikes = [(one, one.name(language)) for one in going_on()]
    return render(request, "desk/incidents.html", shell(request) | {"rows": shown, "spikes": spikes})


@require_POST
@for_agents("incidents.write")
def dismissal(request: AgentRequest, pk: int) -> HttpResponse:
    """Somebody has looked: many conversations, but no incident."""
    Spike.objects.filter(pk=pk).update(dismissed=True)
    return redirect("desk-incidents")


@require_http_methods(["GET", "POST"])
@for_agents("incidents.write")
def new(request: AgentRequest) -> HttpResponse:
    """Open one. What was typed is kept over an error."""
    given = request.POST if request.method == "POST" else None
    problem = ""
    if given is not None:
        topic = Topic.objects.filter(slug=given.get("topic", "")).first()
        try:
            made = open_incident(
                titles=in_languages(request, "title"),
                summaries=in_languages(request, "summary"),
                words=given.get("words", ""),
                topic=topic,
                by=request.agent,
            )
            return redirect("desk-incident", made.pk)
        except ValueError:
            problem = _("Give it a title, best in every language.")
    begun = {"topic": request.GET.get("topic", ""), "words": ""} | from_spike(request.GET.get("spike", ""))
    context: dict[str, Any] = {
        "problem": problem,
        "texts": [
            (code, label, *(given.get(f"{n}-{code}", "") if given else "" for n in ("title", "summary")))
            for code, label in settings.LANGUAGES
        ],
        **(begun if given is None else {"words": given.get("words", ""), "topic": given.get("topic", "")}),
        "topics": [(t.slug, t.label(get_language() or "en")) for t in Topic.objects.filter(parent=None).prefetch_related("translations")],
    }
    return render(request, "desk/incident_new.html", shell(request) | context, status=422 if problem else 200)


def from_spike(pk: str) -> dict[str, str]:
    """How the form begins when it is opened from a spike: its topic, or the name that customers use."""
    spike = Spike.objects.filter(pk=pk).select_related("topic").first() if pk.isdecimal() and len(pk) < 10 else None
    return {"topic": spike.topic.slug if spike.topic else "", "words": spike.about} if spike else {}


@require_http_methods(["GET", "POST"])
@for_agents("desk.read")
def incident(request: AgentRequest, pk: int) -> HttpResponse:
    """One: its log, its conversations. POST adds a line to the log."""
    found = get_object_or_404(Incident, pk=pk)
    problem = ""
    if request.method == "POST":
        problem = _tell(request, found)
        if not problem:
            return redirect("desk-incident", pk)
    return _page(request, found, problem)


@require_POST
@for_agents("incidents.write")
def answers(request: AgentRequest, pk: int) -> HttpResponse:
    """Answer every linked conversation in its own language and mark it as solved."""
    found = get_object_or_404(Incident, pk=pk)
    try:
        answer_all(found, texts=in_languages(request, "answer"), by=request.agent)
    except ValueError:
        return _page(request, found, _("Write the answer, best in every language."))
    except Refused as error:
        return _page(request, found, _("Not sent: this asks the customer for a secret (“%(words)s”).") % {"words": error.detail})
    except TooLong as error:
        return _page(request, found, _("Longer than %(limit)d characters. Shorten it.") % {"limit": error.limit})
    return redirect("desk-incident", pk)


@require_POST
@for_agents("incidents.write")
def post_mortem(request: AgentRequest, pk: int) -> HttpResponse:
    """``address``: where it says what happened and what was changed; empty takes the link away."""
    found = get_object_or_404(Incident, pk=pk)
    try:
        link_post_mortem(found, request.POST.get("address", ""), by=request.agent)
    except ValueError:
        return _page(request, found, _("Give an address that begins with https://, or one of our own pages, such as /en/articles/…"))
    return redirect("desk-incident", pk)


@require_POST
@for_agents("desk.answer")
def linking(request: AgentRequest, uid: str) -> HttpResponse:
    """Tie a conversation to an open incident, or to none."""
    talk, slug = visible(request.agent, uid), request.POST.get("incident", "")  # type: ignore[arg-type]
    found = next((one for one in open_incidents() if one.slug == slug), None)
    if slug and found is None:
        return again(request, talk.uid, _("This incident is over."), 409)
    with locked(talk) as c:
        link(c, found, by=str(request.agent))
        c.save()
    return again(request, talk.uid)


def in_languages(request: HttpRequest, name: str) -> dict[str, str]:
    """What was typed for one thing in each language."""
    return {code: request.POST.get(f"{name}-{code}", "") for code, _label in settings.LANGUAGES}


def _tell(request: AgentRequest, found: Incident) -> str:
    try:
        tell(found, state=request.POST.get("state", ""), texts=in_languages(request, "text"), by=request.agent)
    except Conflict:
        return _("It is over; open a new one.")
    except ValueError:
        return _("Write what is known, best in every language, and choose the state.")
    return ""


def _page(request: AgentRequest, found: Incident, problem: str) -> HttpResponse:
    language = get_language() or "en"
    rows = Conversation.objects.visible_to(request.agent).filter(incident=found)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "incident": found,
        "title": found.title(language),
        "updates": [(u.get_state_display(), u.text(language), u.created) for u in found.updates.all()],
        "states": Incident.State.choices,
        "conversations": list(rows.order_by("-last_message_at")[:SHOWN]),
        "linked": rows.count(),
        "customers": rows.values("customer").distinct().count(),
        "first": rows.aggregate(first=Min("created"))["first"],
        "took": int(((found.solved_at or now()) - found.created).total_seconds()),
        "address": request.POST.get("address", found.post_mortem),
        "to_tell": found.subscriptions.filter(ended_at=None).count(),
        "left": found.conversations.filter(IS_OPEN).count(),
        "languages": [
            (code, label, request.POST.get(f"text-{code}", ""), request.POST.get(f"answer-{code}", ""))
            for code, label in settings.LANGUAGES
        ],
        "problem": problem,
    }
    return render(request, "desk/incident.html", shell(request) | context, status=422 if problem else 200)
