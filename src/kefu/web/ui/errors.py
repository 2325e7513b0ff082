"""Error pages: what happened, whether anything is lost, what to do now. The handlers of ``urls.py``."""

import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)

# When even the templates fail; both languages, because nothing is known about the reader.
LAST_RESORT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>500</title>'
    "<p>Something broke on our side. Nothing you sent was lost on purpose; please try again in a minute.</p>"
    '<p lang="zh-Hans">我们这边出了问题。请一分钟后再试。</p></html>'
)


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page ``ui/errors/<status>.html``; a few plain words for htmx, which shows them in a toast."""
    try:
        return HttpResponse(render_to_string(f"ui/errors/{status}.html", {"status": status}, request), status=status)
    except Exception:  # the error page must never fail
        log.exception("the page for status %s failed", status)
        return HttpResponse(LAST_RESORT, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or form cannot be understood."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, but not allowed."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or not for this reader."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return page(request, 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: closed for maintenance, or too much at once; asks to come back in a minute."""
    response = page(request, 503)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually a page that was open for too long."""
    return HttpResponse(render_to_string("ui/errors/stale.html", {"status": 403}, request), status=403)
