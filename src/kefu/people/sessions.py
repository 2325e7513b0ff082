"""Where somebody is signed in: the sessions of an account, and ending them."""

import logging
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kefu.people.models import User
from kefu.system import live
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)
EVERY = 300  # seconds between two looks at who is still there


def sessions_of(user: User) -> list[Any]:
    """The sessions that are still open, the one used last first."""
    open_ones = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda one: one.last_seen_at, reverse=True)


def end(user: User, *, only: int = 0, but: str = "") -> int:
    """End sessions of ``user``: all, or the one with this id, or all but the one with this session key; how many."""
    found = UserSession.objects.filter(user=user)
    if only:
        found = found.filter(pk=only)
    ended = 0
    with transaction.atomic():
        for one in found:
            if one.session_key != but:
                one.end()
                transaction.on_commit(partial(live.end, holder(one.session_key)))
                ended += 1
    return ended


def renew(request: HttpRequest) -> None:
    """The session goes on under a new id: whoever got hold of the old one has nothing any more. Its streams begin anew."""
    old = request.session.session_key or ""
    with write_turn(), transaction.atomic():
        request.session.cycle_key()
        UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
        transaction.on_commit(partial(live.end, holder(old)))


def holder(session_key: str) -> str:
    """The name under which the streams of a member of staff's session are open; it does not tell the key."""
    return "a" + salted_hmac("kefu.people.sessions", session_key, algorithm="sha256").hexdigest()[:24]


def seen(request: HttpRequest) -> None:
    """Keep that this session was just used, from where and by which browser; asks the database once in ``EVERY`` seconds."""
    key = _key(request.session)
    if not key or not cache.add(key, 1, timeout=EVERY):
        return
    try:
        if request.user.is_authenticated:
            with write_turn():
                UserSession.objects.create_from_request(request)
    except DatabaseError as error:  # the page is made already, and nobody came for this
        log.warning("when a session was last used is not kept: %s", type(error).__name__)


def begun(request: HttpRequest, user: User) -> None:
    """A session of ``user`` has just begun: it stands in the list at once, and the next look is not due yet."""
    if not hasattr(request, "user"):  # begun by a command or a test: no middleware has seen this request
        request.user = user  # type: ignore[attr-defined]
    UserSession.objects.create_from_request(request)
    cache.set(_key(request.session), 1, timeout=EVERY)


def _key(session: SessionBase) -> str:
    return f"session-seen:{session.session_key}" if session.session_key else ""
