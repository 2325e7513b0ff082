"""The token by which a mailbox signs in now: renewed before it ends, by one process at a time."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.timezone import now

from kefu.channels.email.models import Grant, Mailbox
from kefu.channels.email.oauth import Later, Lost, Tokens, renew
from kefu.system.audit.log import write as audit
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=5)  # before its end a token is renewed
STILL_GOOD = timedelta(seconds=30)  # while another process renews it, the old one is used up to here
TURN = timedelta(seconds=60)  # for one renewal; whoever died in it is taken for dead then
WAIT = 75.0  # seconds for another process's renewal
State = Grant.State


def access_token(mailbox: Mailbox, *, refused: str = "") -> str:
    """A token that is good for some minutes. ``refused`` is one that the mail server did not take: it is not given again.

    Raises Lost where somebody must connect the mailbox again, Later where the authorization server has trouble.
    """
    until = time.monotonic() + WAIT
    while True:
        grant = Grant.objects.select_related("mailbox").get(mailbox=mailbox)
        if grant.state != State.GOOD:
            raise Lost(grant.reason or "not_connected")
        kept, at = grant.secret("access_token"), now()
        ends = grant.access_until or at
        if kept and kept != refused and ends > at + EARLY:
            return kept
        if _is_my_turn(grant, at):
            return _renewed(grant)
        if kept and kept != refused and ends > at + STILL_GOOD:
            return kept
        if time.monotonic() > until:
            raise Later("another process is getting a token and does not come to an end")
        time.sleep(0.1)


def keep_tokens(grant: Grant, got: Tokens, *, by: str = "") -> bool:
    """Keep what was given, if nobody kept newer ones meanwhile. ``by`` is who agreed just now: then ``grant`` is as it was
    asked for, and is kept like that."""
    found = Grant(pk=grant.pk, mailbox_id=grant.mailbox_id)
    found.keep_secret("access_token", got.access)
    changed: dict[str, Any] = {
        "access_token_sealed": found.access_token_sealed,
        "access_until": now() + timedelta(seconds=got.seconds),
        "refreshing_until": None,
        "state": State.GOOD,
        "reason": "",
        "version": F("version") + 1,
    }
    if got.refresh:
        found.keep_secret("refresh_token", got.refresh)
        changed["refresh_token_sealed"] = found.refresh_token_sealed
    rows = Grant.objects.filter(pk=grant.pk)
    if by:
        changed |= {name: getattr(grant, name) for name in (*Grant.REGISTRATION, "client_secret_sealed")}
        changed |= {"granted_by": by[:80], "granted_at": now(), "asked": {}}
        changed.setdefault("refresh_token_sealed", b"")
    else:
        rows = rows.filter(version=grant.version)
    with write_turn():
        return bool(rows.update(**changed))


def lose(grant: Grant, reason: str) -> None:
    """Write down that the right has ended; until somebody connects the mailbox again nothing is asked of the provider."""
    with write_turn():
        ended = Grant.objects.filter(pk=grant.pk, version=grant.version, state=State.GOOD).update(
            state=State.LOST, reason=reason[:300], refreshing_until=None, access_token_sealed=b"", version=F("version") + 1
        )
        if ended:
            audit("system", "mailbox.consent_lost", f"mailbox:{grant.mailbox_id}", provider=grant.provider, reason=reason[:120])
    log.warning("mailbox %s must be connected again: %s", grant.mailbox_id, reason)


def _is_my_turn(grant: Grant, at: datetime) -> bool:
    """Take the turn to renew exactly the tokens that were read; whoever is late finds others and reads again."""
    free = Q(refreshing_until=None) | Q(refreshing_until__lt=at)
    with write_turn():
        return bool(Grant.objects.filter(free, pk=grant.pk, version=grant.version, state=State.GOOD).update(refreshing_until=at + TURN))


def _renewed(grant: Grant) -> str:
    try:
        got = renew(grant)
    except Lost as error:
        lose(grant, str(error))
        raise
    except BaseException:
        with write_turn():
            Grant.objects.filter(pk=grant.pk, version=grant.version).update(refreshing_until=None)
        raise
    keep_tokens(grant, got)
    return got.access
