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
    """A ticket for a stream over these channels, good for ``LIVE_TICKET_SECONDS`` to connect."""
    return signing.dumps([who, [[w.channel, w.variant, w.after] for w in watches]], salt=SALT, compress=True)


def read(ticket: str) -> list[Watch]:
    """The watches of a ticket that we signed lately; none for any other."""
    try:
        _, watches = signing.loads(ticket, salt=SALT, max_age=settings.LIVE_TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return [Watch(str(channel), str(variant), int(after)) for channel, variant, after in watches]
