"""Proof that somebody reads a mailbox: six digits, sent there, good for ten minutes and a few tries."""

import hmac
import secrets
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kefu.system import rate

LIFE = 600  # seconds
TRIES = 5


def send_code(address: str, *, who: str) -> str:
    """Send a new code; the words why not, or nothing. ``who`` is the browser that asks: only it can use the code."""
    address = address.lower()
    try:
        validate_email(address)
    except ValidationError:
        return _("This is no mail address. It looks like name@example.com.")
    if rate.exceeded("code-to", address, limit=5, seconds=3600) or rate.exceeded("code-by", who, limit=8, seconds=3600):
        return _("Too many codes were asked for. Wait an hour, or use the last one: it may be in the spam folder.")
    code = f"{secrets.randbelow(10**6):06d}"
    cache.set(_key(address, who), [_digest(code), 0], timeout=LIFE)
    text = render_to_string("portal/code.txt", {"code": code, "minutes": LIFE // 60})
    send_mail(_("%(code)s is your code") % {"code": code}, text, settings.DEFAULT_FROM_EMAIL, [address])
    return ""


def proves(address: str, code: str, *, who: str) -> bool:
    """Whether this is the code that was sent to ``address`` for this browser. A few wrong ones use it up."""
    key = _key(address.lower(), who)
    kept = cache.get(key)
    if kept is None:
        return False
    digest, tries = kept
    if hmac.compare_digest(digest, _digest("".join(c for c in code if c.isdigit()))):
        return True
    cache.set(key, [digest, tries + 1], timeout=LIFE) if tries + 1 < TRIES else cache.delete(key)
    return False


def used(address: str, *, who: str) -> None:
    """The code did its work and is good for nothing more."""
    cache.delete(_key(address.lower(), who))


def _key(address: str, who: str) -> str:
    return "mailbox:" + sha256(f"{address}|{who}".encode()).hexdigest()


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), code.encode(), sha256).hexdigest()
