"""The book of sign-ins: writing a line, knowing a browser again, and forgetting after a while."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from kefu.people.models import SignIn, User
from kefu.people.network import address_of
from kefu.system.turn import write_turn

Kind = SignIn.Kind
COOKIE = "kefu_device"
SALT = "kefu.device"
KNOWN_FOR = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
LOCKED_FOR = 300  # seconds, as allauth counts wrong tries of one account
FORGET_AT_ONCE = 5000  # rows that one run of the job removes


def note(kind: SignIn.Kind, request: HttpRequest, user: User | None, *, how: str = "", by: str = "") -> SignIn:
    """Write one line, with where it came from. ``how``: by which means; ``by``: a colleague who did it for ``user``."""
    return SignIn.objects.create(
        user=user,
        kind=kind,
        how=how[:60],
        by=by[:120],
        ip=address_of(request),
        agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:200],
        device=_digest(request),
    )


def note_signed_in(request: HttpRequest, user: User, *, how: str) -> SignIn:
    """A sign-in that succeeded; ``NEW_DEVICE`` when this browser never signed in to this account, but another one has."""
    earlier = SignIn.objects.filter(user=user, kind__in=[Kind.DONE, Kind.NEW_DEVICE])
    device = _digest(request)
    known = bool(device) and earlier.filter(device=device).exists()
    if not device:
        _give_device(request)
    return note(Kind.DONE if known or not earlier.exists() else Kind.NEW_DEVICE, request, user, how=how)


def note_locked(request: HttpRequest, user: User | None) -> None:
    """Too many wrong tries: one line for each account (or address) in five minutes, however often somebody goes on."""
    who = f"user:{user.pk}" if user else f"ip:{address_of(request)}"
    if cache.add(f"sign-in-locked:{who}", 1, timeout=LOCKED_FOR):
        note(Kind.LOCKED, request, user)


def note_forbidden(request: HttpRequest, user: User, *, page: str) -> None:
    """Somebody who is signed in asked for what their role may not: one line for each page in five minutes. ``page``: its name among
    our addresses, which holds nothing that was typed."""
    if cache.add(f"forbidden:{user.pk}:{page}", 1, timeout=LOCKED_FOR):
        with write_turn():
            note(Kind.FORBIDDEN, request, user, how=page)


def keep_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser that has just signed in the cookie by which it is known again."""
    if fresh := getattr(request, "kefu_new_device", ""):
        value = signing.dumps(fresh, salt=SALT)
        response.set_cookie(COOKIE, value, max_age=KNOWN_FOR, httponly=True, samesite="Lax", secure=request.is_secure())


def forget_old() -> int:
    """The job: lines older than ``settings.SIGN_IN_DAYS`` are removed; how many."""
    old = SignIn.objects.filter(at__lt=now() - timedelta(days=settings.SIGN_IN_DAYS)).order_by("at")
    pks = list(old.values_list("pk", flat=True)[:FORGET_AT_ONCE])
    removed, _each = SignIn.objects.filter(pk__in=pks).delete()
    return removed


def _give_device(request: HttpRequest) -> None:
    request.kefu_new_device = secrets.token_urlsafe(18)  # type: ignore[attr-defined]


def _digest(request: HttpRequest) -> str:
    """Of the browser's own mark, so that a reader of the database cannot pass for it; empty when it has none."""
    mark: Any = getattr(request, "kefu_new_device", "")
    if not mark:
        try:
            mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
        except signing.BadSignature:
            return ""
    return sha256(f"kefu.device:{mark}".encode()).hexdigest()
