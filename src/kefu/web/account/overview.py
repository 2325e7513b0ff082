"""/accounts/: how one signs in, and what keeps that safe."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kefu.people.models import SignIn
from kefu.people.permissions import agent_of
from kefu.web.account.devices import shown

LINES = 30


@never_cache
@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody's own; passwords and factors are for staff."""
    user: Any = request.user
    staff = agent_of(user) is not None
    context = {
        "staff": staff,
        "sessions": shown(user, request.session.session_key or ""),
        "lines": SignIn.objects.filter(user=user).order_by("-at")[:LINES],
        "days": settings.SIGN_IN_DAYS,
    }
    return render(request, "account/overview.html", context | (factors_of(user) if staff else {}))


def factors_of(user: Any) -> dict[str, Any]:
    """``keys``: how many passkeys; ``app``: whether there is one; ``codes``: recovery codes left, None when none were made."""
    found = list(Authenticator.objects.filter(user=user))
    codes = [one for one in found if one.type == Authenticator.Type.RECOVERY_CODES]
    return {
        "keys": sum(one.type == Authenticator.Type.WEBAUTHN for one in found),
        "app": any(one.type == Authenticator.Type.TOTP for one in found),
        "codes": len(codes[0].wrap().get_unused_codes()) if codes else None,
    }
