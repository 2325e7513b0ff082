"""The one script tag, and a page that shows it at work."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kefu.exchange.sandbox import stories
from kefu.web.ui.sharing import for_any_site


@require_safe
@cache_control(max_age=300, public=True)
@for_any_site
def embed(request: HttpRequest) -> HttpResponse:
    """`<script src="…/widget/embed.js" async></script>`: a button that opens the chat in a frame."""
    context = {"site_url": settings.SITE_URL, "languages": [code for code, _ in settings.LANGUAGES]}
    return render(request, "widget/embed.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
def demo_site(request: HttpRequest) -> HttpResponse:
    """A host page as an exchange would have it, with the widget on it."""
    accounts = stories(now()) if settings.DEMO and not settings.EXCHANGE_URL else []
    context = {"language": get_language(), "style": static("widget/demo.css"), "accounts": accounts}
    return render(request, "widget/demo_site.html", context)
