"""A host site says who its visitor is: a short-lived JWT signed with a shared key (HS256, RFC 7519)."""

from dataclasses import dataclass

import jwt
from django.conf import settings
from django.http import JsonResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kefu.channels.webchat.adapter import Sender
from kefu.people.identify import identify
from kefu.people.models import Identity
from kefu.system.audit.log import write
from kefu.web.visitor import VisitorRequest, make_token

LONGEST = 15 * 60  # seconds a token of the host site may live
AUDIENCE = "kefu"


class BadIdentity(Exception):
    """A token that proves nothing; the text says why, for the engineer of the host site."""


@dataclass(frozen=True)
class HostIdentity:
    uid: str
    name: str
    tier: int
    language: str


def read(token: str) -> HostIdentity:
    """The identity in a host site's token. ``sub`` is the account's UID; ``exp``, ``iat`` and ``aud`` are required.

    Raises BadIdentity for everything else: another algorithm, a wrong or missing key, too long a life.
    """
    if not settings.IDENTITY_SECRET:
        raise BadIdentity("KEFU_IDENTITY_SECRET is not set here.")
    try:
        claims = jwt.decode(
            token,
            settings.IDENTITY_SECRET,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "sub", "aud"]},
            leeway=30,
        )
    except jwt.PyJWTError as error:
        raise BadIdentity(type(error).__name__) from None
    if claims["exp"] - claims["iat"] > LONGEST:
        raise BadIdentity(f"It lives longer than {LONGEST} seconds.")
    uid = str(claims["sub"])[:32]
    if not uid:
        raise BadIdentity("sub is empty.")
    tier = claims.get("tier", 0)
    return HostIdentity(
        uid=uid,
        name=str(claims.get("name", ""))[:80],
        tier=min(max(tier, 0), 9) if isinstance(tier, int) else 0,
        language=str(claims.get("language", ""))[:12],
    )


@csrf_exempt  # the token is the proof; no cookie takes part
@require_POST
def identity(request: VisitorRequest) -> JsonResponse:
    """Exchange a host site's token for a visitor token of a verified customer."""
    try:
        found = read(request.POST.get("token", ""))
    except BadIdentity as error:
        message = _("This sign-in could not be verified. You can go on as a guest.")
        return JsonResponse({"error": message, "reason": str(error)}, status=403)
    who = identify(Identity.Kind.EXCHANGE, found.uid, name=found.name, language=found.language)
    customer = who.customer
    if who.proof != Identity.Proof.HOST_SITE:
        write("host site", "identity.verified", f"customer {customer.pk}")
    who.proof, who.verified_at = Identity.Proof.HOST_SITE, now()
    who.save(update_fields=["proof", "verified_at"])
    customer.exchange_uid, customer.tier = found.uid, found.tier
    customer.name = found.name or customer.name
    customer.save(update_fields=["exchange_uid", "tier", "name"])
    return JsonResponse({"visitor": make_token(Sender(Identity.Kind.EXCHANGE, found.uid))})
