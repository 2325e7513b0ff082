"""/academy/: courses for beginners and longer reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Article
from kefu.knowledge.shelf import shelf
from kefu.web.help.alternates import alternates
from kefu.web.help.course import chapters


@require_safe
def academy(request: HttpRequest) -> HttpResponse:
    """Paths with the number of their chapters; posts, the newest first."""
    language = get_language() or "en"
    current = shelf.fresh()
    rows = list(Article.objects.filter(kind__in=(Article.Kind.PATH, Article.Kind.ACADEMY)).order_by("position", "-created", "-pk"))
    shown = [(row, entry) for row in rows if (entry := current.entry(str(row.pk), language))]
    context = {
        "paths": [(entry, len(chapters(row, language))) for row, entry in shown if row.kind == Article.Kind.PATH],
        "posts": [entry for row, entry in shown if row.kind == Article.Kind.ACADEMY],
        "alternates": alternates("help-academy"),
    }
    return render(request, "help/academy.html", context)
