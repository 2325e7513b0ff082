"""All articles, with what needs an editor's eye."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Translation
from kefu.topics.models import Topic
from kefu.web.studio.gate import StaffRequest, for_staff, shell

PAGE = 100


@require_safe
@for_staff("studio.read")
def articles(request: StaffRequest) -> HttpResponse:
    """The list, narrowed by words, state, language and what is due."""
    query, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    language = request.GET.get("language", "")
    after = request.GET.get("after", "")
    rows = Translation.objects.select_related("article__topic", "article__owner").order_by("title", "pk")
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(article__slug__icontains=query) | Q(body__icontains=query))
    if language in dict(settings.LANGUAGES):
        rows = rows.filter(language=language)
    if state in Translation.State.values and state != Translation.State.REVIEW:
        rows = rows.filter(state=state)
    elif state == "changed":
        rows = rows.filter(draft__isnull=False)
    elif state == "review":
        rows = rows.filter(asked_for_review__isnull=False)
    elif state == "planned":
        rows = rows.filter(publish_at__isnull=False)
    elif state == "outdated":
        rows = rows.filter(outdated=True)
    elif state == "due":
        rows = rows.filter(article__review_by__lt=localdate())
    if after:
        rows = rows.filter(title__gt=after)
    found = list(rows[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].title if len(found) > PAGE else "",
        "query": query,
        "state": state,
        "language": language,
        "topics": [(t.slug, t.label(get_language() or "en")) for t in Topic.objects.prefetch_related("translations")],
    }
    return render(request, "studio/articles.html", shell(request) | context)
