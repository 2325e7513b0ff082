"""For search engines: robots.txt and the sitemap, with every page in every language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Announcement, Translation
from kefu.topics.models import Topic
from kefu.web.help.alternates import alternates


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /studio/", "Disallow: /accounts/"]
    lines += [f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    published = Translation.objects.filter(state=Translation.State.PUBLISHED)
    texts: dict[str, dict[str, str]] = {}
    for slug, language, updated in published.values_list("article__slug", "language", "updated"):
        texts.setdefault(slug, {})[language] = updated.date().isoformat()
    pages = [
        {"path": path, "alternates": all_paths, "changed": texts[slug][code]}
        for slug in sorted(texts)
        for all_paths in [alternates("help-article", slug, among=set(texts[slug]))]
        for code, path in all_paths
    ]
    pages += [
        {"path": path, "alternates": paths, "changed": ""}
        for name in (
            "help-home",
            "help-topics",
            "help-academy",
            "help-errors",
            "help-status",
            "help-glossary",
            "help-contact",
            "help-numbers",
            "help-verify",
        )
        for paths in [alternates(name)]
        for _, path in paths
    ]
    pages += [
        {"path": path, "alternates": paths, "changed": ""}
        for name, slugs in (("help-topic", Topic.objects.values_list("slug", flat=True)), ("help-announcement", _current()))
        for slug in slugs
        for paths in [alternates(name, slug)]
        for _, path in paths
    ]
    context = {"pages": pages, "site_url": settings.SITE_URL}
    return render(request, "help/sitemap.xml", context, content_type="application/xml")


def _current() -> list[str]:
    """Announcements that have appeared."""
    return list(Announcement.objects.filter(published__lte=now()).values_list("slug", flat=True))
