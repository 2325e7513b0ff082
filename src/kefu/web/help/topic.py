"""All articles of one topic."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.web.help.alternates import alternates
from kefu.web.help.catalogue import sections
from kefu.web.help.reach import reach_now


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    language = get_language() or "en"
    found = sections(language)
    if slug not in found:
        raise Http404
    section = found[slug]
    context = {
        "section": section,
        "parent": found.get(section.parent),
        "siblings": [other for other in found.values() if other.parent == section.parent],
        "reach": reach_now(language, slug),
        "alternates": alternates("help-topic", slug),
        "language": language,
    }
    return render(request, "help/topic.html", context)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The whole catalogue on one page."""
    language = get_language() or "en"
    top = [section for section in sections(language).values() if not section.parent]
    return render(request, "help/topics.html", {"sections": top, "alternates": alternates("help-topics")})
