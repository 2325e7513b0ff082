"""A form that was sent and could not be taken, given back with all that was typed, to be sent again from the same page.

Nothing of it is stored here: what came is written into the answer, which nobody may keep (``no-store``). It is only given
back to the site's own pages: a form that another website filled in must not be one press away from being sent.
"""

import re
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

MACHINE_MADE = re.compile(r"[\w.:;=+/-]*", re.ASCII)  # ids, tokens, choices: nobody typed them
UNREPEATABLE = re.compile(r"passw|secret|otp|recovery", re.IGNORECASE)  # never written into a page
SHORTEST = 8  # characters from which a typed text is worth showing
FRESH_TOKEN = "X-Fresh-Token"  # noqa: S105 - the name of a header


def stale(request: HttpRequest) -> HttpResponse:
    """The page was open for too long, or somebody signed in or out in another tab meanwhile."""
    if not is_ours(request):
        return _page(request, "elsewhere", 403)
    if _by_script(request):
        words = _("This page was open for too long, so nothing was sent. Your text is still here: send it again.")
        response = _words(words, 403)
        response[FRESH_TOKEN] = get_token(request)
        return response
    return _page(request, "stale", 403)


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in; but what somebody wrote until the session ended is given back, and a script is told in words."""
    if request.method == "GET" and not _by_script(request):
        return redirect_to_login(request.get_full_path())
    if _by_script(request):
        return _words(_("You have been signed out. Sign in and try again; your text is still here."), 401)
    return _page(request, "signed_out", 401)


def factor_first(request: HttpRequest, place: str) -> HttpResponse:
    """The role of whoever sent this needs another factor since a moment ago: it is set up at ``place``, and the words come back."""
    if _by_script(request):
        return _words(_("Your role needs another way to sign in now. Set it up under “Sign-in and safety”; your text is still here."), 403)
    return _page(request, "factor", 403, place=place)


def not_kept(request: HttpRequest, status: int) -> HttpResponse:
    """What was sent could not be kept, for want of room (507) or of the database (503): the words come back, to be sent again."""
    return _page(request, "no_room" if status == 507 else "away", status)


def expired(request: HttpRequest) -> HttpResponse:
    """What was sent belongs to a link that is not good any more: the words come back, to be sent another way."""
    return _page(request, "expired", 404)


def is_ours(request: HttpRequest) -> bool:
    """Whether one of our own pages sent this form; the browser says so, and a page cannot make it lie."""
    if site := request.headers.get("Sec-Fetch-Site", ""):
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(source) and urlsplit(source).netloc == request.get_host()


def _by_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-Requested-With") or request.headers.get("HX-Request"))


def _words(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def _page(request: HttpRequest, why: str, status: int, *, place: str = "") -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    repeatable = [(name, value) for name, value in fields if not UNREPEATABLE.search(name)]
    typed = [value for _name, value in repeatable if len(value) >= SHORTEST and not MACHINE_MADE.fullmatch(value)]
    back = urlsplit(request.headers.get("Referer", ""))
    ours = why != "elsewhere"
    home = back.path + (f"?{back.query}" if back.query else "") if why != "elsewhere" and back.netloc == request.get_host() else ""
    context = {
        "why": why,
        "status": status,
        "typed": typed if ours else [],
        "fields": repeatable,
        "may_repeat": why in {"stale", "signed_out", "factor", "no_room", "away"} and len(repeatable) == len(fields),
        "files": [file.name for _name, files in request.FILES.lists() for file in files] if ours else [],
        "place": place or f"{reverse('account_login')}?{urlencode({'next': home or '/'})}",
        "action": request.get_full_path(),
        "back": home,
    }
    response = HttpResponse(render_to_string("ui/errors/again.html", context, request), status=status)
    response["Cache-Control"] = "no-store"
    return response
