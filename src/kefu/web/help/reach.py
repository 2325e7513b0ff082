"""How to reach a person, with the wait as it is now."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.routing.present import lineage
from kefu.routing.wait import Wait, wait_now
from kefu.topics.models import Topic


@dataclass(frozen=True)
class Reach:
    """``wait`` is what somebody who asked for a person now would get."""

    wait: Wait

    @property
    def ahead(self) -> int:
        return self.wait.position - 1


def reach_now(language: str, topic: str = "") -> Reach:
    """The wait for a person who speaks ``language`` and knows ``topic`` (any, if empty)."""
    parents = dict(Topic.objects.values_list("pk", "parent_id")) if topic else {}
    found = Topic.objects.filter(slug=topic).first() if topic else None
    return Reach(wait_now(lineage(found.pk if found else None, parents), language, found.team_id if found else None))


@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """The contact rail alone, for pages that refresh it."""
    context = {"reach": reach_now(get_language() or "en", request.GET.get("topic", ""))}
    return render(request, "help/reach.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Every way to reach us that works now, with its wait and hours."""
    return render(request, "help/contact.html", {"reach": reach_now(get_language() or "en")})
