"""What ties conversations together: splitting one, linking two, asking others apart from the customer."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.errors import Conflict, Refused, TooLong
from kefu.conversations.models import Message
from kefu.conversations.side import ask_by_mail, ask_team, quoted
from kefu.conversations.split import relate, split
from kefu.people.models import Team
from kefu.topics.models import Topic
from kefu.web.desk.acts import again, go_on
from kefu.web.desk.find import by_number, visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.sending import why_not

FORWARDED = (Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT)
MOST = 40  # messages forwarded at once


@require_POST
@for_agents("desk.answer")
def splitting(request: AgentRequest, uid: UUID) -> HttpResponse:
    """``seq``: the customer's words that go into a conversation of their own."""
    talk = visible(request.agent, uid)
    seqs = [int(one) for one in request.POST.getlist("seq") if one.isdecimal() and len(one) < 10]
    topic = Topic.objects.filter(slug=request.POST.get("topic", "")).first()
    try:
        made = split(talk, seqs=seqs, by=request.agent, topic=topic, subject=request.POST.get("subject", "")[:200])
    except Conflict:
        return again(request, uid, _("Choose at least one message of the customer."), 422)
    return go_on(request, "desk-conversation", made.uid)


@require_POST
@for_agents("desk.answer")
def relating(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Link another conversation by its number; ``drop=1`` takes the link away."""
    talk = visible(request.agent, uid)
    other = by_number(request.agent, request.POST.get("number", ""))
    if other is None:
        return again(request, uid, _("There is no conversation with this number that you may see. Check the digits."), 422)
    if request.POST.get("drop") == "1":
        talk.related.remove(other)
        return again(request, uid)
    try:
        relate(talk, other, by=request.agent)
    except Conflict:
        return again(request, uid, _("That is this very conversation."), 409)
    return again(request, uid)


@require_POST
@for_agents("desk.answer")
def asking(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Ask a team (``team``) or somebody by mail (``address``); ``seq``: the messages that are forwarded with it, ``files=1``
    with their files."""
    talk = visible(request.agent, uid)
    text, address = request.POST.get("text", "").strip(), request.POST.get("address", "").strip()
    if not text:
        return again(request, uid, _("Write your question first."), 422)
    seqs = [int(one) for one in request.POST.getlist("seq") if one.isdecimal() and len(one) < 10]
    chosen = list(talk.messages.filter(seq__in=seqs, kind__in=FORWARDED).select_related("agent").order_by("seq")[:MOST])
    if chosen:
        text += "\n\n" + quoted(talk, chosen, name_of=said_by)
    files_of = chosen if request.POST.get("files") == "1" else []
    try:
        if address:
            validate_email(address)
            ask_by_mail(
                talk, address=address, text=text, by=request.agent, subject=request.POST.get("subject", "")[:180], files_of=files_of
            )
        elif team := Team.objects.filter(pk=request.POST["team"]).first() if request.POST.get("team", "").isdecimal() else None:
            ask_team(talk, team=team, text=text, by=request.agent)
        else:
            return again(request, uid, _("Choose whom to ask."), 422)
    except ValidationError:
        return again(request, uid, _("“%(address)s” is no mail address.") % {"address": address[:80]}, 422)
    except (Refused, TooLong) as error:
        return again(request, uid, why_not(error), 422)
    return again(request, uid)


def said_by(message: Message) -> str:
    """Whose words a forwarded message has."""
    if message.kind == Message.Kind.AGENT and message.agent:
        return message.agent.label(get_language() or "en")
    return _("Customer") if message.kind == Message.Kind.CUSTOMER else _("Automatic answer")
