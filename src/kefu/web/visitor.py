"""Who sits at the other end: of the chat window, of a ticket form, of a ticket's page.

A browser gets a signed token. On our own pages it travels in a cookie; in a window embedded in another site, where
browsers refuse third-party cookies, the page keeps it and sends it along as ``v``. The token is what keeps a place in
the queue over refresh, sleep and restart.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from kefu.channels.webchat.adapter import Sender
from kefu.people.identify import find, identify
from kefu.people.models import Customer, Identity
from kefu.people.permissions import agent_of
from kefu.people.sign_in import customer_of

COOKIE = "kefu_visitor"
SALT = "kefu.visitor"
MAX_AGE = 180 * 24 * 3600
LONGEST = 1000  # characters of a token


@dataclass(frozen=True)
class Visitor:
    """``token`` is what the page must send back; ``is_new`` says that the browser has not shown one."""

    sender: Sender
    token: str
    is_new: bool = False
    from_token: bool = False

    @property
    def is_known(self) -> bool:
        return self.sender.kind != Identity.Kind.BROWSER

    def customer(self) -> Customer | None:
        """The customer we know under this address; None before the first word."""
        found = find(self.sender.kind, self.sender.address)
        return found.customer if found else None


class VisitorRequest(HttpRequest):
    """A request that passed ``for_visitors``. For type checkers."""

    visitor: Visitor


def make_token(sender: Sender) -> str:
    return signing.dumps([sender.kind, sender.address], salt=SALT, compress=True)


def read_token(token: str) -> Sender | None:
    """The sender of a token that we signed; None for a forged, broken or old one."""
    return _read_token(token, int(time.time() // 3600)) if len(token) <= LONGEST else None


@lru_cache(maxsize=4096)
def _read_token(token: str, hour: int) -> Sender | None:
    """Looked at once an hour: an open window shows the same one with every word."""
    try:
        kind, address = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Sender(str(kind), str(address))


def shows_token(environ: Mapping[str, Any]) -> bool:
    """Whether a small form, not read yet, begins with a valid token: then nothing else needs to say who asks."""
    body = environ["wsgi.input"]
    if not isinstance(body, BytesIO) or not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return False
    name, _, rest = body.getvalue().partition(b"=")
    return name == b"v" and read_token(unquote(rest.partition(b"&")[0].decode("latin-1"))) is not None


def visitor_of(request: HttpRequest) -> Visitor:
    """A shown token first (an embedded window), then the sign-in, then the cookie; else somebody new."""
    shown = request.POST.get("v") or request.GET.get("v", "")
    if shown and (sender := read_token(shown)):
        return Visitor(sender, shown, from_token=True)
    if request.user.is_authenticated and agent_of(request.user) is None:
        customer_of(request.user)
        sender = Sender(Identity.Kind.EMAIL, request.user.email)
        return Visitor(sender, make_token(sender))
    cookie = request.COOKIES.get(COOKIE, "")
    if cookie and (sender := read_token(cookie)):
        return Visitor(sender, cookie)
    sender = Sender(Identity.Kind.BROWSER, uuid4().hex)
    return Visitor(sender, make_token(sender), is_new=True)


def for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Puts ``request.visitor`` there, keeps the cookie, and asks for CSRF protection where a cookie vouches.

    A request that carries a valid token itself needs none: no other site can know it.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: VisitorRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.visitor = visitor_of(request)
        handle = view if request.visitor.from_token else protected
        response = handle(request, *args, **kwargs)
        if request.visitor.is_new:
            response.set_cookie(
                COOKIE,
                request.visitor.token,
                max_age=MAX_AGE,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response

    return wrapper


def uploader_of(visitor: Visitor) -> str:
    """The browser or account, as it is kept with what it sends before there is a conversation."""
    return f"{visitor.sender.kind}:{visitor.sender.address}"[:280]


def known_customer(visitor: Visitor) -> Customer:
    """The visitor's customer, made now if need be."""
    return identify(visitor.sender.kind, visitor.sender.address).customer
