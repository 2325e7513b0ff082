"""The test of a mailbox in words: what each step tries, and what to do about one that failed, by what the server said."""

import re

from django.utils.translation import gettext as _

from kefu.channels.email.probe import Step


def step_name(step: Step) -> str:
    """A step of the test, in words."""
    return {
        "connect": _("Reach the server"),
        "tls": _("Encrypt the connection"),
        "login": _("Sign in"),
        "folder": _("Open the folder"),
        "sender": _("Send as this address"),
        "key": _("Accept the key"),
        "domain": _("Know the mail domain"),
        "consent": _("Have the right to this mailbox"),
        "token": _("Get a token"),
    }[step.name]


def advice(step: Step) -> str:
    """What to do about a step that failed: by its cause where the server's words tell it, else what it mostly is."""
    if step.good:
        return ""
    for names, pattern, words in _causes():
        if step.name in names.split() and re.search(pattern, step.words, re.I):
            return words
    if (step.way, step.name) == ("smtp", "login"):
        return _(
            "User name or password is refused. Many providers want an app password; at some, sending by SMTP is to be switched on first."
        )
    return _usual()[step.name]


def _causes() -> list[tuple[str, str, str]]:
    return [
        ("connect", r"name or service|nodename|getaddrinfo|name resolution|no address", _("There is no server of this name. Check how it is spelled.")),
        ("connect", r"refused", _("The server is there, but nothing listens on this port. IMAP uses 993 (or 143), sending 587 or 465.")),
        ("connect", r"timed? ?out|unreachable", _("The server does not answer on this port. The port is wrong, or a firewall is in between.")),
        ("connect", r"b'220|smtp", _("A server for sending (SMTP) answers on this port. Receiving needs the IMAP server, mostly on port 993.")),
        ("connect", r"\* ok|imap", _("A server for receiving (IMAP) answers on this port. Sending needs the SMTP server, mostly on port 587 or 465.")),
        ("connect", r"connection (?:unexpectedly )?closed|eof", _("The server hung up at once: this port expects TLS from the start.")),
        ("tls", r"wrong_version|record layer|unexpected message|unknown protocol", _("This port does not begin with TLS. Choose STARTTLS, or the port for TLS: 993 for IMAP, 465 for sending.")),
        ("tls", r"not supported", _("The server offers no STARTTLS on this port. Choose “TLS from the start” with port 993 for IMAP or 465 for sending.")),
        ("tls", r"expired", _("The server’s certificate has expired. Whoever runs the server must renew it.")),
        ("tls", r"hostname|ip address mismatch", _("The server’s certificate is for another name. Enter the name that the certificate is for.")),
        ("tls", r"self.signed|local issuer|verify", _("The server’s certificate is not signed by an authority that this machine knows. Install one, or add its authority to this machine.")),
        ("login", r"not supported", _("The server offers no sign-in over this connection: choose an encryption, or leave the user name empty where it needs none.")),
        ("login", r"application.specific|app.?password|web login|basic auth", _("This provider wants an app password: make one in the settings of the account there and enter it here.")),
        ("login", r"no sign-in by token", _("This server takes no tokens. Enter a password on the mailbox’s page instead.")),
        ("login", r"^token refused", _("The right is there, but not for this mailbox: whoever signed in may not use it, or IMAP and SMTP AUTH are switched off for it. At Microsoft an administrator switches “Authenticated SMTP” on; an app also needs its service principal and the permission on this mailbox.")),
        ("consent", r"access_denied", _("The sign-in was refused, by whoever signed in or by the organisation. At Microsoft an administrator may have to allow the app first.")),
        ("consent", r"redirect_uri", _("The address to come back to is not registered. Enter it at the provider letter by letter as it stands above.")),
        ("consent", r"invalid_client|7000215|7000222|unauthorized_client", _("The provider does not know this client ID and secret together. The secret may have run out: make a new one there and enter it here.")),
        ("consent", r"scope_missing|invalid_scope", _("The right was given without mail. Sign in again and leave every box ticked; at Microsoft both permissions must stand in the app’s registration.")),
        ("consent", r"no_refresh_token", _("The provider gave a right that ends within the hour. Take the app away from the account there, then sign in again here.")),
        ("consent", r"invalid_grant|not_connected|interaction_required", _("The right was withdrawn or has run out: a changed password, an administrator, or a long time without use ends it. Sign in again; mail waits on the server meanwhile.")),
        ("consent", r"issuer", _("The answer came from another server than the one that was asked. Begin again.")),
        ("token", r"", _("The provider’s sign-in server cannot be reached or has trouble. It is asked again by itself.")),
        ("login", r"disabled|not enabled", _("IMAP or SMTP is switched off for this account. Switch it on in its settings at the provider.")),
    ]  # fmt: skip


def _usual() -> dict[str, str]:
    return {
        "connect": _("Check the server's name and the port. IMAP uses 993, sending 587 or 465. A firewall may be in between."),
        "tls": _("The server does not speak TLS on this port, or its certificate is not for this name. Try the other kind of encryption."),
        "login": _("User name or password is refused. Many providers want an app password, and IMAP switched on in their settings."),
        "folder": _("There is no such folder. It is nearly always INBOX."),
        "consent": _("The provider does not give the right. Its own words stand below."),
        "key": _("The provider refuses the key. Copy it again from its website; a key for sending is enough only where it may also read."),
        "domain": _("The provider does not know this domain. Add it there and prove that it is yours, or check the address of the API."),
        "sender": _("The server does not let this account send as this address. Add the address as an alias there."),
    }
