"""What Django and allauth tell about signing in, written into the book of sign-ins; their signals are the only way to hear of it."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from kefu.people import sessions, staff_sessions
from kefu.people.models import SignIn, User
from kefu.people.permissions import agent_of
from kefu.people.sign_ins import note, note_signed_in
from kefu.system import live
from kefu.system.audit.log import write as audit
from kefu.web.account.new_device import tell

Kind = SignIn.Kind


def connect() -> None:
    """Called once when all models are there."""
    for signal, receiver in (
        (auth.user_logged_in, _signed_in),
        (auth.user_logged_out, _signed_out),
        (auth.user_login_failed, _failed),
        (account.password_changed, _password),
        (account.password_reset, _password),
        (factors.authenticator_added, _factor_added),
        (factors.authenticator_removed, _factor_removed),
        (factors.authenticator_reset, _codes),
        (factors.authentication_failed, _factor_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"kefu.{receiver.__name__}")


def _signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    sessions.begun(request, user)
    if agent_of(user):
        staff_sessions.begin(request.session)
    methods = [one.get("type") or one.get("method", "") for one in get_authentication_records(request, user)]
    staff = agent_of(user) is not None
    line = note_signed_in(request, user, how="+".join(dict.fromkeys(methods)) or ("" if staff else "code"))
    if staff and line.kind == Kind.NEW_DEVICE:  # customers have just read their mail: it brought the code
        tell(line)


def _signed_out(request: HttpRequest, **_more: Any) -> None:
    if key := request.session.session_key:
        live.end(sessions.holder(key))


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    if request is None:
        return  # a command, not a person
    address = str(credentials.get("email") or credentials.get("username") or "")[:254]
    note(Kind.FAILED, request, User.objects.filter(email__iexact=address).first() if address else None, how="password")


def _password(request: HttpRequest, user: User, **_more: Any) -> None:
    note(Kind.PASSWORD, request, user)
    sessions.end(user, but=request.session.session_key or "")  # Django takes them for nothing already; their streams end too
    _audit(user, "account.password_changed")


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note(Kind.CODES, request, user)
        return
    note(Kind.FACTOR_ADDED, request, user, how=authenticator.type)
    _audit(user, "account.factor_added", kind=str(authenticator.type))


def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # those go with the last factor
        note(Kind.FACTOR_REMOVED, request, user, how=authenticator.type)
        _audit(user, "account.factor_removed", kind=str(authenticator.type))


def _codes(request: HttpRequest, user: User, **_more: Any) -> None:
    note(Kind.CODES, request, user)


def _factor_failed(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    note(Kind.FACTOR_FAILED, request, user, how=authenticator.type)


def _audit(user: User, act: str, **detail: Any) -> None:
    if agent := agent_of(user):
        audit(str(agent), act, f"agent:{agent.badge}", **detail)
