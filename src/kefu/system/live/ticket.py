"""A short-lived signed ticket: the session is checked when it is granted, the stream checks the signature only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

SALT = "kefu.live"


@dataclass(frozen=True)
class Watch:
    """One channel as one audience sees it, from the position ``after`` on."""

    channel: str
    variant: str = ""
    after: int = 0


def grant(watches: Sequence[Watch], *, who: str) -> str:
    """A ticket for a stream over these channels, good for ``LIVE_TICKET_SECONDS`` to connect. ``who``: the session or the visitor
    that ``live.end`` names when it is over; those of staff begin with ``a`` (see ``holders``)."""
    return signing.dumps([who, [[w.channel, w.variant, w.after] for w in watches]], salt=SALT, compress=True)


def read(ticket: str) -> tuple[str, list[Watch]]:
    """Who holds a ticket that we signed lately, and its watches; nobody and none for any other."""
    try:
        who, watches = signing.loads(ticket, salt=SALT, max_age=settings.LIVE_TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(who), [Watch(str(channel), str(variant), int(after)) for channel, variant, after in watches]
