"""What is said to the authorization servers of Google and Microsoft (OAuth 2.0: RFC 6749; PKCE: RFC 7636)."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from kefu.channels.email.models import Grant
from kefu.system.fetch import Unreachable, post

LATER = {"temporarily_unavailable", "server_error", "slow_down"}  # RFC 6749, 4.1.2.1, and what servers say besides


class Lost(Exception):
    """There is no right to this mailbox any more: somebody must connect it again. The text is the server's reason."""


class Later(Exception):
    """The authorization server cannot be reached or has trouble of its own; nothing is wrong with the mailbox."""


@dataclass(frozen=True)
class Service:
    """A provider of mailboxes: where one agrees, where tokens are given, what is asked for, and its mail servers.

    ``needed`` must stand among the scopes that were really given: people may untick them. ``issuer`` is what its answers
    must name themselves, where they do (RFC 9207), so that one server's answer is not taken for another's.
    """

    agree: str
    token: str
    scopes: tuple[str, ...]
    needed: tuple[str, ...]
    more: Mapping[str, str]
    imap: tuple[str, int]
    smtp: tuple[str, int]
    application_scope: str = ""
    issuer: str = ""
    revoke: str = ""


SERVICES: dict[str, Service] = {
    Grant.Provider.GOOGLE: Service(
        agree="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        scopes=("https://mail.google.com/",),
        needed=("https://mail.google.com/",),
        more={"access_type": "offline", "prompt": "consent"},
        imap=("imap.gmail.com", 993),
        smtp=("smtp.gmail.com", 587),
        issuer="https://accounts.google.com",
        revoke="https://oauth2.googleapis.com/revoke",
    ),
    Grant.Provider.MICROSOFT: Service(
        agree="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
        scopes=("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"),
        needed=("IMAP.AccessAsUser.All", "SMTP.Send"),
        more={"prompt": "select_account"},
        imap=("outlook.office365.com", 993),
        smtp=("smtp.office365.com", 587),
        application_scope="https://outlook.office365.com/.default",
    ),
}


@dataclass(frozen=True)
class Tokens:
    """What a token endpoint gave. ``refresh`` is "" where the old one stays good; ``seconds`` is how long ``access`` lives."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int
    scope: str


def service_of(grant: Grant) -> Service:
    """The provider that a grant is from."""
    return SERVICES[grant.provider]


def new_verifier() -> str:
    """A secret for one sign-in, known to this server alone (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(48)


def agree_url(grant: Grant, *, redirect: str, state: str, verifier: str) -> str:
    """Where somebody agrees that this mailbox is read and sent from."""
    service = service_of(grant)
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": grant.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": " ".join(service.scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": grant.mailbox.address,
    }
    return f"{_at(service.agree, grant)}?{urlencode({**asked, **service.more})}"


def exchange(grant: Grant, *, code: str, redirect: str, verifier: str) -> Tokens:
    """Tokens for the code that came back. Raises Lost or Later."""
    got = _ask(grant, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier})
    if not got.refresh:
        raise Lost("no_refresh_token")
    given = got.scope.lower()
    if given and not all(one.lower() in given for one in service_of(grant).needed):
        raise Lost("scope_missing")
    return got


def renew(grant: Grant) -> Tokens:
    """A new access token: by the refresh token, or as the organisation's app. Raises Lost or Later."""
    if grant.flow == Grant.Flow.APPLICATION:
        return _ask(grant, {"grant_type": "client_credentials", "scope": service_of(grant).application_scope})
    kept = grant.secret("refresh_token")
    if not kept:  # the secret key of this installation has changed, or somebody emptied the field
        raise Lost("no_refresh_token")
    return _ask(grant, {"grant_type": "refresh_token", "refresh_token": kept})


def revoke(grant: Grant) -> bool:
    """Tell the provider that the right is no longer needed (RFC 7009), where it can be told; True if it took note."""
    service, kept = service_of(grant), grant.secret("refresh_token")
    if not service.revoke or not kept:
        return False
    try:
        return post(service.revoke, {"token": kept}).status == 200
    except Unreachable:
        return False


def _at(address: str, grant: Grant) -> str:
    return address.format(tenant=quote(grant.tenant or "organizations", safe=""))


def _ask(grant: Grant, form: dict[str, str]) -> Tokens:
    """One request to the token endpoint (RFC 6749, 3.2), with the app's own name and secret in the form (2.3.1)."""
    who = {"client_id": grant.client_id, "client_secret": grant.secret("client_secret")}
    try:
        answer = post(_at(service_of(grant).token, grant), {**form, **who})
    except Unreachable as error:
        raise Later(str(error)) from error
    try:
        told: Any = json.loads(answer.content)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    if answer.status == 200 and isinstance(told.get("access_token"), str) and told["access_token"].isprintable():
        return _tokens(told)
    name = str(told.get("error", ""))
    words = " ".join(f"{name} {told.get('error_description', '')}".split())[:280]
    if answer.status >= 500 or answer.status == 429 or name in LATER or not name:
        raise Later(words or str(answer.status))
    raise Lost(words)


def _tokens(told: dict[str, Any]) -> Tokens:
    try:
        seconds = max(0, min(int(told.get("expires_in", 3600)), 7 * 24 * 3600))
    except (TypeError, ValueError):
        seconds = 3600
    refresh = told.get("refresh_token")
    return Tokens(told["access_token"], refresh if isinstance(refresh, str) else "", seconds, str(told.get("scope", "")))
