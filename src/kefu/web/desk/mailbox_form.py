"""The settings of a mailbox, as an operator fills them in."""

import re
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from kefu.channels.email.models import Mailbox, Security
from kefu.people.models import Team
from kefu.text.mail import pgp
from kefu.topics.models import Topic

SECRETS = ("imap_password", "smtp_password", "provider_key", "dkim_key", "pgp_key")
FIELDS = (
    "address", "name", "active", "language", "imap_host", "imap_port", "imap_security", "imap_user", "folder", "read_only",
    "provider", "provider_url", "smtp_host", "smtp_port", "smtp_security", "smtp_user", "quotes", "dkim_selector", "authserv_id",
)  # fmt: skip


def _password() -> forms.PasswordInput:
    """Shown again after an error or a test only, as it was typed a moment ago."""
    return forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"})


class MailboxForm(forms.ModelForm):
    """Passwords are never shown again once they are saved: an empty field keeps what is there."""

    aliases = forms.CharField(
        label=_("Other addresses that come in here"), required=False, max_length=1000, help_text=_("Separated by commas or spaces.")
    )
    blocked = forms.CharField(
        label=_("Blocked senders"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; * stands for anything: *@spam.example"),
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False)
    imap_password = forms.CharField(label=_("Password"), required=False, max_length=400, strip=False, widget=_password())
    smtp_password = forms.CharField(label=_("Password"), required=False, max_length=400, strip=False, widget=_password())
    provider_key = forms.CharField(label=_("API key"), required=False, max_length=400, widget=_password())
    dkim_key = forms.CharField(
        label=_("DKIM private key (PEM)"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    pgp_key = forms.CharField(
        label=_("PGP private key, without a passphrase"),
        required=False,
        max_length=40000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    quotes = forms.ChoiceField(
        label=_("Quoted below each answer"),
        required=False,
        choices=Mailbox.Quotes.choices,
        help_text=_("The whole conversation goes to the customer alone; where somebody is in copy, only the question does."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("As the customer writes")), *settings.LANGUAGES])

    class Meta:
        model = Mailbox
        fields = FIELDS
        labels = {
            "address": _("Address"),
            "name": _("Name of the sender"),
            "active": _("Switched on"),
            "imap_host": _("Server"),
            "imap_port": _("Port"),
            "imap_security": _("Encryption"),
            "imap_user": _("User name"),
            "folder": _("Folder"),
            "read_only": _("Change nothing there, not even what is marked as read"),
            "smtp_host": _("Server"),
            "smtp_port": _("Port"),
            "smtp_security": _("Encryption"),
            "smtp_user": _("User name"),
            "provider": _("Send over"),
            "provider_url": _("Address of its API"),
            "dkim_selector": _("DKIM selector"),
            "authserv_id": _("Name of your mail server in Authentication-Results"),
        }
        error_messages = {"address": {"unique": _("This mailbox is connected already.")}}
        help_texts = {
            "provider": _("A service that sends over its own API instead of SMTP. Encrypted mail still goes over the server above."),
            "provider_url": _("Only where it is not the usual one, such as https://api.eu.mailgun.net/v3 for Mailgun in Europe."),
            "authserv_id": _("If your server checks senders, its verdict is believed. Left empty, DKIM and DMARC are checked here."),
        }

    def clean_address(self) -> str:
        return _checked(str(self.cleaned_data["address"]).strip().lower())

    def clean_quotes(self) -> str:
        return str(self.cleaned_data["quotes"] or self.instance.quotes)

    def clean_aliases(self) -> str:
        return ", ".join(_checked(one) for one in _lines(self.cleaned_data["aliases"]))

    def clean_dkim_key(self) -> str:
        key = self.cleaned_data["dkim_key"].strip()
        if key and "PRIVATE KEY-----" not in key:
            raise forms.ValidationError(_("This is not a private key: it begins with -----BEGIN … PRIVATE KEY-----."))
        return str(key)

    def clean_pgp_key(self) -> str:
        armoured = self.cleaned_data["pgp_key"].strip()
        if not armoured:
            return ""
        try:
            return pgp.private_key(armoured)
        except pgp.BadKey as error:
            raise forms.ValidationError(
                {
                    "public": _("This is a public key. The private one begins with -----BEGIN PGP PRIVATE KEY BLOCK-----."),
                    "passphrase": _("This key has a passphrase. Export it without one; it is kept sealed here."),
                    "expired": _("This key has expired."),
                }.get(str(error), _("This is not a PGP private key that can be read."))
            ) from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for way, label in (("imap", "IMAP"), ("smtp", "SMTP")):
            host, security = found.get(f"{way}_host", ""), found.get(f"{way}_security")
            if (
                host
                and security == Security.NONE
                and host not in {"127.0.0.1", "localhost", "::1"}
                and not re.match(r"(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.", host)
            ):
                self.add_error(
                    f"{way}_security",
                    _("%(way)s without TLS shows the password to the whole way. Only for a server in your own network.") % {"way": label},
                )
        if found.get("provider") and not found.get("provider_key") and not self.instance.provider_key_sealed:
            self.add_error("provider_key", _("The provider gives you an API key on its website."))
        url = found.get("provider_url", "")
        if url and not url.startswith("https://") and not re.match(r"http://(?:127\.0\.0\.1|localhost)[:/]", url):
            self.add_error("provider_url", _("It begins with https://."))
        if found.get("dkim_selector") and not found.get("dkim_key") and not self.instance.dkim_key_sealed:
            self.add_error("dkim_key", _("A selector without a key signs nothing."))
        return found

    def apply(self) -> Mailbox:
        """The mailbox with what was typed, not yet saved."""
        mailbox: Mailbox = self.save(commit=False)
        data = self.cleaned_data
        mailbox.aliases = _lines(data["aliases"])
        mailbox.blocked = _lines(data["blocked"])
        mailbox.team, mailbox.topic = data["team"], data["topic"]
        mailbox.signatures = {code: self.data.get(f"signature-{code}", "").strip()[:1000] for code, _label in settings.LANGUAGES}
        for name in SECRETS:
            if data[name]:
                mailbox.keep_secret(name, data[name])
        if data["pgp_key"]:
            mailbox.pgp_fingerprint = pgp.fingerprint(data["pgp_key"])
        if not mailbox.webhook_secret_sealed:
            mailbox.keep_secret("webhook_secret", secrets.token_urlsafe(32))
        return mailbox


def _checked(address: str) -> str:
    try:
        validate_email(address)
    except forms.ValidationError as error:
        raise forms.ValidationError(_("“%(address)s” is no mail address."), params={"address": address[:80]}) from error
    return address


def _lines(text: str) -> list[str]:
    return [one.lower() for one in re.split(r"[\s,;，；]+", text) if one]
