"""Where one is signed in, and ending it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kefu.people.models import SignIn, User
from kefu.people.sessions import end, sessions_of
from kefu.people.sign_ins import note


def shown(user: User, current: str) -> list[dict[str, Any]]:
    """The open sessions as pages show them; ``current``: the key of the reader's own, which comes first."""
    rows = [{"one": each, "here": each.session_key == current} for each in sessions_of(user)]
    return sorted(rows, key=lambda row: not row["here"])


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def ending(request: HttpRequest) -> HttpResponse:
    """``session``: the id of one of one's own; ``others``: all but this one. Staff show first that it is still they: else whoever
    found an open desk could throw its owner out of everywhere else."""
    wanted = request.POST.get("session", "")
    if not wanted.isdecimal() and "others" not in request.POST:
        return redirect("account")
    user: Any = request.user
    key = request.session.session_key or ""
    count = end(user, only=int(wanted[:15]) if wanted.isdecimal() else 0, but=key)
    if count:
        note(SignIn.Kind.ENDED, request, user)
    said = ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", count) if count else _("There was nothing to end.")
    messages.success(request, said % {"n": count} if count else said)
    return redirect("account")
