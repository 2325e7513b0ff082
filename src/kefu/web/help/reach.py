"""How to reach a person, with the wait as it is now."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.channels.email.models import Mailbox
from kefu.routing.present import lineage
from kefu.routing.promise import Promise, promise_of
from kefu.routing.wait import Wait, wait_now
from kefu.topics.models import Topic
from kefu.web.help.recommend import hurries, recommend
from kefu.web.help.ways import FORM, MAIL, ways

KEPT = 60  # seconds that the promise for tickets stays as it is


@dataclass(frozen=True)
class Reach:
    """``wait`` is what somebody who asked for a person now would get; ``ticket_promise`` how fast tickets were answered lately;
    ``mailbox`` the one to write to, empty for none."""

    wait: Wait
    ticket_promise: Promise | None = None
    mailbox: str = ""

    @property
    def ahead(self) -> int:
        return self.wait.position - 1


def reach_now(language: str, topic: str = "") -> Reach:
    """The wait for a person who speaks ``language`` and knows ``topic`` (any, if empty)."""
    parents = dict(Topic.objects.values_list("pk", "parent_id")) if topic else {}
    found = Topic.objects.filter(slug=topic).first() if topic else None
    wait = wait_now(lineage(found.pk if found else None, parents), language, found.team_id if found else None)
    promise: Promise | None = cache.get_or_set("help.promise.form", lambda: promise_of(FORM), KEPT)
    mailbox = Mailbox.objects.filter(active=True).order_by("pk").values_list("address", flat=True).first()
    return Reach(wait, promise, mailbox or "")


@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """The contact rail alone, for pages that refresh it."""
    context = {"reach": reach_now(get_language() or "en", request.GET.get("topic", ""))}
    return render(request, "help/reach.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Every way to reach us that works now, with its languages, hours and wait; the best one for what the reader says."""
    language = get_language() or "en"
    topics = list(Topic.objects.filter(parent=None).prefetch_related("translations"))
    topic = next((one for one in topics if one.slug == request.GET.get("topic")), None)
    now_reach = reach_now(language, topic.slug if topic else "")
    found = ways(now_reach.wait)
    hurry = request.GET.get("hurry", "")
    advice = None
    if hurry in dict(hurries()):
        has_mail = any(way.code == MAIL for way in found)
        advice = recommend(hurry, has_details=bool(topic and topic.own_fields), wait=now_reach.wait, has_mail=has_mail)
    context = {
        "reach": now_reach,
        "ways": sorted(found, key=lambda way: not (advice and way.code == advice.code)),
        "advice": advice,
        "hurry": hurry,
        "hurries": hurries(),
        "topics": [(one.slug, one.label(language)) for one in topics],
        "topic_slug": topic.slug if topic else "",
        "zone": get_current_timezone_name(),
    }
    return render(request, "help/contact.html", context)
