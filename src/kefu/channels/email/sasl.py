"""Signing in to mail servers with a token: XOAUTH2, as Google and Microsoft document it, and OAUTHBEARER (RFC 7628)."""

import json
import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from kefu.channels.email.models import Mailbox
from kefu.channels.email.tokens import access_token

REFUSED = "token refused"


class NoWay(Exception):
    """The server offers neither of the two."""


class Conversation:
    """One sign-in. ``refusal`` is what the server gave as its reason, which it says before it says no."""

    def __init__(self, mechanism: str, user: str, token: str, host: str, port: int) -> None:
        self.mechanism, self.refusal, self._begun = mechanism, "", False
        bearer = f"auth=Bearer {token}\x01\x01"
        name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801, 4
        self._first = f"user={user}\x01{bearer}" if mechanism == "XOAUTH2" else f"n,a={name},\x01host={host}\x01port={port}\x01{bearer}"

    def answer(self, challenge: bytes | None = None) -> str:
        """Ours to what the server says: first who we are; to its reason for a refusal what ends the exchange."""
        if not self._begun:
            self._begun = True
            return self._first
        self.refusal = _reason(challenge or b"")
        return "" if self.mechanism == "XOAUTH2" else "\x01"


def choose(offered: Callable[[str], bool]) -> str:
    """The mechanism to use, of those that are offered. Raises NoWay."""
    for name in ("XOAUTH2", "OAUTHBEARER"):
        if offered(name):
            return name
    raise NoWay("the server offers no sign-in by token (XOAUTH2 or OAUTHBEARER)")


def user_of(mailbox: Mailbox) -> str:
    """Whose mailbox it is at the server: mostly its address; the name of a shared one where that differs."""
    return mailbox.grant.user or mailbox.address


def sign_in_imap(client: Any, mailbox: Mailbox) -> None:
    """Sign an imaplib connection in; a token that is refused before its time is renewed once. Raises what imaplib raises,
    and Lost, Later, NoWay."""
    mechanism = choose(lambda name: f"AUTH={name}" in client.capabilities)
    user, token = user_of(mailbox), access_token(mailbox)
    for last in (False, True):
        talk = Conversation(mechanism, user, token, mailbox.imap_host, mailbox.imap_port)
        try:
            client.authenticate(mechanism, talk.answer)
        except client.error as error:
            if last or isinstance(error, client.abort):
                raise client.error(f"{REFUSED}: {talk.refusal or error}") from error
            token = access_token(mailbox, refused=token)
        else:
            return


def sign_in_smtp(client: smtplib.SMTP, mailbox: Mailbox) -> None:
    """The same for smtplib; raises SMTPAuthenticationError where the server refuses."""
    client.ehlo_or_helo_if_needed()
    offered = client.esmtp_features.get("auth", "").upper().split()
    mechanism = choose(lambda name: name in offered)
    user, token = user_of(mailbox), access_token(mailbox)
    for last in (False, True):
        talk = Conversation(mechanism, user, token, mailbox.smtp_host, mailbox.smtp_port)
        try:
            client.auth(mechanism, talk.answer)  # type: ignore[arg-type]
        except smtplib.SMTPAuthenticationError:
            if last:
                raise
            token = access_token(mailbox, refused=token)
        else:
            return


class TokenBackend(EmailBackend):
    """Django's SMTP connection, signed in by a token instead of a password."""

    def __init__(self, *, mailbox: Mailbox, **more: Any) -> None:
        super().__init__(**more)
        self.mailbox = mailbox

    def open(self) -> bool | None:
        """Connect and sign in; what fails leaves nothing open. Without the right the server is not bothered at all."""
        if self.connection is None:
            access_token(self.mailbox)
        new = super().open()
        if new and self.connection is not None:
            try:
                sign_in_smtp(self.connection, self.mailbox)
            except BaseException:
                self.close()
                raise
        return new


def _reason(challenge: bytes) -> str:
    try:
        told = json.loads(challenge)
        return " ".join(str(told.get(name, "")) for name in ("status", "schemes", "error_description") if told.get(name))[:200]
    except (ValueError, AttributeError):
        return challenge.decode("utf-8", "replace")[:200]
