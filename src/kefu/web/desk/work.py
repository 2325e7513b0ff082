"""Small acts on one conversation: snooze, hasten, merge, tag, follow."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.ease import ease
from kefu.conversations.errors import Conflict
from kefu.conversations.hasten import hasten
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation
from kefu.conversations.prioritise import bound
from kefu.conversations.snooze import snooze
from kefu.conversations.tags import set_tags
from kefu.web.desk.acts import again, go_on
from kefu.web.desk.find import by_number, visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.moments import moment


@require_POST
@for_agents("desk.answer")
def snoozing(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``until``: hour, evening, tomorrow, days, week; empty brings it back."""
    wanted = request.POST.get("until", "")
    until = moment(wanted) if wanted else None
    if wanted and until is None:
        return again(request, uid, _("Choose until when."), 422)
    try:
        snooze(visible(request.agent, uid), until=until, by=request.agent)
    except Conflict:
        return again(request, uid, _("A live or finished conversation cannot be put aside."), 409)
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def merging(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Merge this conversation into the one whose number is given."""
    source = visible(request.agent, uid)
    into = by_number(request.agent, request.POST.get("number", ""))
    if into is None:
        return again(request, uid, _("There is no conversation with this number that you may see. Check the digits."), 422)
    try:
        merge(source, into=into, by=request.agent)
    except Conflict as error:
        why = {
            "same": _("That is this very conversation."),
            "customer": _("It belongs to another customer; two customers' conversations are never merged."),
        }.get(str(error.current), _("One of them is merged or closed already."))
        return again(request, uid, why, 409)
    return go_on(request, "desk-conversation", into.uid)


@require_POST
@for_agents("desk.answer")
def tagging(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``tags``: all of them, separated by commas; or ``add`` and ``remove`` one of those that are there."""
    talk = visible(request.agent, uid)
    if "tags" in request.POST:
        wanted = request.POST["tags"][:1000].split(",")
    else:
        there, gone = list(talk.tags.values_list("name", flat=True)), request.POST.get("remove", "")
        wanted = [*(name for name in there if name != gone), request.POST.get("add", "")[:100]]
    set_tags(talk, wanted, by=request.agent)
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def hastening(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``priority``: the level that it is raised to, or lowered with a ``reason``."""
    talk, wanted = visible(request.agent, uid), request.POST.get("priority", "")
    level = int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 0
    reason = request.POST.get("reason", "").strip()
    try:
        if 0 < level < talk.priority and "reason" in request.POST:
            if not reason:
                return again(request, uid, _("Say why it may wait: the reason stands beside the priority."), 422)
            ease(talk, level, reason=reason, by=request.agent)
        else:
            hasten(talk, level, by=request.agent)
    except ValueError:
        return again(request, uid, _("Choose how urgent it is."), 422)
    except Conflict as error:
        if error.current == "bound":
            least = dict(Conversation.Priority.choices).get(bound(talk), "")
            why = _("No lower than “%(level)s”: there are signs of danger, a promise was missed, or the customer passed it up.")
            return again(request, uid, why % {"level": least}, 409)
        return again(request, uid, _("Nothing changed: it is over, or as urgent already."), 409)
    return again(request, uid)


@require_POST
@for_agents("desk.read")
def following(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Follow, or stop following."""
    talk = visible(request.agent, uid)
    if request.POST.get("follow") == "1":
        talk.followers.add(request.agent)
    else:
        talk.followers.remove(request.agent)
    return again(request, uid)
