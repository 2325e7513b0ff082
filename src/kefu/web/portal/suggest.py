"""Before a ticket is sent: what already answers it, and which of the customer's own tickets it may belong to."""

import json
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from kefu.bot import policy
from kefu.conversations.links import status_address
from kefu.conversations.models import IS_OPEN, Conversation
from kefu.incidents.known import open_incidents
from kefu.knowledge.search import answers
from kefu.people.models import Customer
from kefu.text.secrets import redact
from kefu.topics.models import Topic
from kefu.topics.recognise import recognise
from kefu.web.typed_fields import PREFIX
from kefu.web.visitor import VisitorRequest, for_visitors

MOST = 4
LONGEST = 2000


@dataclass(frozen=True)
class Similar:
    """An open ticket of the same customer about the same topic."""

    number: str
    subject: str
    address: str


@require_POST
@for_visitors
def suggestions(request: VisitorRequest, topic: str) -> HttpResponse:
    """Articles for what is written so far, and values for fields that it names; the words are looked at and forgotten."""
    about = Topic.objects.select_related("parent").filter(slug=topic).first()
    if about is None:
        raise Http404
    language = get_language() or "en"
    typed = redact(request.POST.get("text", "")[:LONGEST]).text.strip()
    found = [hit for hit in answers(typed, language=language, limit=MOST) if hit.confidence >= policy.ON_TOPIC] if typed else []
    found.sort(key=lambda hit: hit.entry.topic not in {about.slug, about.parent.slug if about.parent else ""})  # stable: the best first
    incidents = [(one.title(language), one.summary(language), one.slug) for one in open_incidents(about)]
    response = render(request, "portal/suggestions.html", {"found": found, "incidents": incidents})
    if known := recognise(typed, about.own_fields):
        values = {f"{PREFIX}{name}": value for name, value in known.items()}
        response["HX-Trigger"] = json.dumps({"recognised": values}, ensure_ascii=True)
    return response


def similar_open(customer: Customer | None, topic: Topic) -> list[Similar]:
    """The customer's own open tickets of this topic: adding to one is faster than a second one."""
    if customer is None:
        return []
    rows = customer.conversations.filter(topic=topic, stage=Conversation.Stage.NONE)
    rows = rows.filter(IS_OPEN)
    return [Similar(str(one), one.subject, status_address(one)) for one in rows.order_by("-last_message_at")[:3]]
