"""The help centre's front page: an answer or a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Article, Translation
from kefu.knowledge.shelf import shelf
from kefu.web.help.alternates import alternates
from kefu.web.help.catalogue import sections
from kefu.web.help.disturbances import disturbances
from kefu.web.help.news import current_news
from kefu.web.help.reach import reach_now

HOT = 5
POPULAR = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    found = sections(language)
    context = {
        "sections": [section for section in found.values() if not section.parent],
        "article_count": len({pk for pk, _ in shelf.fresh().entries}),
        "popular": popular(language),
        "hot": hot(language),
        "news": current_news(language, limit=5),
        "urgent": [news for news in current_news(language, limit=20) if news.is_urgent][:1],
        "incidents": disturbances(language)[0],
        "reach": reach_now(language),
        "own_search": True,
        "alternates": alternates("help-home"),
    }
    return render(request, "help/home.html", context)


def popular(language: str) -> list[tuple[object, int]]:
    """The most read articles with their views."""
    rows = Article.objects.filter(translations__state=Translation.State.PUBLISHED).distinct()
    top = rows.order_by("-views", "pk").values_list("pk", "views")[:POPULAR]
    return [(entry, views) for pk, views in top if (entry := shelf.entry(str(pk), language))]


def hot(language: str) -> list[str]:
    """Short questions that others ask: the first example question of the most read articles."""
    rows = Translation.objects.filter(language=language, state=Translation.State.PUBLISHED)
    found = rows.order_by("-article__views", "article_id").values_list("questions", flat=True)[: HOT * 4]
    short = [min(questions, key=len) for questions in found if questions]
    return [question for question in short if len(question) <= 28][:HOT]
