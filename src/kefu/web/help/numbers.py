"""/numbers/: how fast we really answer and how many promises we kept, for everybody to see: the same numbers as the desk's."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.reports.figures import Line, total
from kefu.routing.promise import FEWEST, WINDOW, promise_for, promise_of
from kefu.topics.models import Topic
from kefu.web.help.ways import CHAT, FORM, MAIL

DAYS = 28
KEPT = 300  # seconds that the page's figures stay as they are
FEWEST_PROMISES = 20  # below, a share would say more about chance than about us


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    found: dict[str, Any] = cache.get_or_set(f"help.numbers.{language}", lambda: _figures(language), KEPT)
    return render(request, "help/numbers.html", {**found, "days": WINDOW.days, "month": DAYS, "fewest": FEWEST})


def _figures(language: str) -> dict[str, Any]:
    ways = {CHAT: _("Live chat"), FORM: _("Report a problem"), MAIL: _("Email")}
    topics = Topic.objects.filter(parent=None).prefetch_related("translations")
    today = now().date()
    month = total(today - timedelta(days=DAYS), today)
    return {
        "channels": [(name, promise_of(code)) for code, name in ways.items()],
        "topics": [(topic.label(language), promise_for(topic)) for topic in topics],
        "kept": month.kept_share if _enough(month) else None,
        "promises": month.sums["kept"] + month.sums["missed"],
        "satisfaction": month.satisfaction if month.sums["rated"] >= FEWEST_PROMISES else None,
        "rated": month.sums["rated"],
        "at": now(),
    }


def _enough(line: Line) -> bool:
    return line.sums["kept"] + line.sums["missed"] >= FEWEST_PROMISES
