"""Error pages: what happened, whether anything is lost, what to do now. The handlers of ``urls.py``."""

import logging
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kefu.people.sign_ins import note_forbidden
from kefu.system import room
from kefu.system.away import is_away
from kefu.web.ui import again

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
    """400: the address or form cannot be understood. 413 when there is too much in it."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return too_large(request)
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, but not allowed; which stands in the book of sign-ins."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        try:
            note_forbidden(request, user, page=getattr(request.resolver_match, "url_name", "") or "")
        except DatabaseError as error:  # the page comes all the same
            log.warning("a refused page could not be noted: %s", type(error).__name__)
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or not for this reader."""
    return page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: asked for too often; nothing is lost, and a minute helps."""
    response = page(request, 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. 503 while the database does not answer, 507 where there is no room to keep anything: they say that nothing
    was taken, and what to do; what was typed comes back."""
    error = sys.exc_info()[1]
    if is_away(error):
        return _not_kept(request, 503, away())
    if not room.is_full(error):
        return page(request, 500)
    if room.note():
        log.error("there is no room to keep anything: %s", room.lack())
    return _not_kept(request, 507, no_room())


def _not_kept(request: HttpRequest, status: int, words: str) -> HttpResponse:
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request"):
        response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    else:
        response = again.not_kept(request, status) if request.method == "POST" else page(request, status)
    response["Retry-After"] = "60" if status == 507 else "5"
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django writes a page of log for each, on a full disk
    return response


def away() -> str:
    """The words for scripts while the database does not answer."""
    return _("Our system is being restarted, so this was not kept. It is not lost: it still stands here. Send it again in a moment.")


def no_room() -> str:
    """The words for scripts, which show them beside what was not sent."""
    return _("Our storage is full, so this could not be kept. It is not lost: it still stands here. Send it again in a few minutes.")


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: closed for maintenance, or too much at once; asks to come back in a minute."""
    response = page(request, 503)
    response["Retry-After"] = "60"
    return response


@csrf_exempt
def too_large(request: HttpRequest) -> HttpResponse:
    """413: longer than anything that we take. In plain words for scripts, which show them beside the file."""
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request") or "html" not in request.headers.get("Accept", ""):
        words = _("This is larger than %(limit)d MB. Send a smaller file or a part of it; nothing else that you wrote is lost.")
        return HttpResponse(words % {"limit": settings.UPLOAD_LIMIT // 2**20}, status=413, content_type="text/plain; charset=utf-8")
    limits = {"status": 413, "limit": settings.UPLOAD_LIMIT // 2**20, "letters": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}
    return HttpResponse(render_to_string("ui/errors/413.html", limits, request), status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually a page that was open for too long. All that was typed comes back."""
    return again.stale(request)
