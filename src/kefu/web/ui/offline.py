"""Installable, and readable offline: the manifest, the service worker, the page without a network."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kefu.web.ui import assets, bundles


@require_GET
@cache_control(max_age=0)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, at the root so that it may serve every page; it changes when the style or script does."""
    ours = [static(bundles.path("public", kind)) for kind in ("css", "js")]
    files = [*ours, static(assets.HTMX), static("ui/icon.svg")]
    return render(request, "ui/sw.js", {"files": files, "version": ours[0]}, content_type="text/javascript")


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the help centre on its home screen."""
    return render(request, "ui/manifest.webmanifest", content_type="application/manifest+json")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker when a page was never read before; it lists what was."""
    return render(request, "ui/offline.html")
