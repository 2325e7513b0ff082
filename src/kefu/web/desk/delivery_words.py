"""Why a mail has not gone out, in words that an agent can act on."""

import re

from django.utils.translation import gettext as _

from kefu.channels.delivery import CANNOT_REACH, CANNOT_SIGN_IN
from kefu.conversations.models import Delivery

_OUR_SIDE = re.compile(r"\w*(?:Error|timeout|gaierror|SMTPServerDisconnected|Dropped)")  # the names under which Python says "no connection"


def why(error: str) -> str:
    """What stands in the way, from what was noted of the try; what the other server said where nothing else is known."""
    if error.startswith(CANNOT_SIGN_IN):
        # A server's code (535) means that it looked at a password; everything else is about a right to sign in.
        refused = error.removeprefix(CANNOT_SIGN_IN)[:3].isdigit()
        return _("the mailbox refuses our password") if refused else _("the mailbox does not let us sign in")
    if error.startswith(CANNOT_REACH) or _OUR_SIDE.fullmatch(error):
        return _("our mail server cannot be reached")
    if re.match(r"4\d\d\b", error):
        return _("the mail server asks us to wait: %(said)s") % {"said": error}
    return error


def said(error: str) -> str:
    """The other side's own words, without ours before them."""
    return error.removeprefix(CANNOT_SIGN_IN).removeprefix(CANNOT_REACH)


def late(rows: list[Delivery]) -> dict[int, dict[str, object]]:
    """By message: what an agent must know of its mail, where it has not arrived; the worst where there are several."""
    ordered = sorted(rows, key=lambda row: row.state == Delivery.State.FAILED)
    return {row.message_id: {"delivery": row, "failed": row.state == Delivery.State.FAILED, "why": why(row.error)} for row in ordered}
