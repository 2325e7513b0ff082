"""Mailboxes that support reads and writes, and the right to one that somebody gave at Google or Microsoft."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.system.ids import uuid7
from kefu.system.seal import Broken, seal, unseal


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("None (only inside one machine or network)")


class Provider(models.TextChoices):
    """Services that send over their own API instead of SMTP."""

    MAILGUN = "mailgun", "Mailgun"
    POSTMARK = "postmark", "Postmark"
    BREVO = "brevo", "Brevo"
    RESEND = "resend", "Resend"


class Sealing(models.Model):
    """Rows with fields that a thief of the database must not read."""

    place: ClassVar[str] = ""

    class Meta:
        abstract = True

    def keep_secret(self, field: str, value: str) -> None:
        """Seal a password, key or token into ``field`` ("imap_password", "dkim_key", "refresh_token" ...)."""
        sealed = seal(value.encode(), place=f"{self.place}.{field}") if value else b""
        setattr(self, f"{field}_sealed", sealed)

    def secret(self, field: str) -> str:
        """What ``keep_secret`` was given; "" where nothing is kept or the secret key has changed."""
        sealed = bytes(getattr(self, f"{field}_sealed") or b"")
        try:
            return unseal(sealed, place=f"{self.place}.{field}").decode() if sealed else ""
        except Broken:
            return ""


class Mailbox(Sealing):
    """An address of support, and how mail comes in and goes out there. Passwords and keys are sealed.
    What reached the server before ``reads_since`` is left there (None: everything is read).
    ``error`` is what is wrong with reading, ``send_error`` what is wrong with signing in to send.

    IMAP is read by position (``uid_validity``, ``last_uid``), never by what is marked as read. ``lease`` says which
    process reads it now.
    """

    class Quotes(models.TextChoices):
        """What of the conversation stands below an answer."""

        LAST = "last", _("What was asked last")
        ALL = "all", _("The whole conversation so far")
        NONE = "none", _("Nothing")

    place = "mailbox"

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    address = models.CharField(max_length=254, unique=True)
    aliases = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=80, blank=True)
    active = models.BooleanField(default=True)
    team = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="mailboxes")
    topic = models.ForeignKey("topics.Topic", models.SET_NULL, null=True, blank=True, related_name="mailboxes")
    language = models.CharField(max_length=12, blank=True)
    signatures = models.JSONField(default=dict, blank=True)
    quotes = models.CharField(max_length=4, choices=Quotes, default=Quotes.LAST, db_default=Quotes.LAST)
    blocked = models.JSONField(default=list, blank=True)
    authserv_id = models.CharField(max_length=120, blank=True)

    imap_host = models.CharField(max_length=200, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    imap_user = models.CharField(max_length=200, blank=True)
    imap_password_sealed = models.BinaryField(default=b"", blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
    read_only = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    send_error = models.CharField(max_length=300, blank=True)
    send_failing_since = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reads_since = models.DateTimeField(null=True, blank=True)

    smtp_host = models.CharField(max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=8, choices=Security, default=Security.STARTTLS)
    smtp_user = models.CharField(max_length=200, blank=True)
    smtp_password_sealed = models.BinaryField(default=b"", blank=True)
    dkim_selector = models.CharField(max_length=60, blank=True)
    dkim_key_sealed = models.BinaryField(default=b"", blank=True)
    pgp_key_sealed = models.BinaryField(default=b"", blank=True)
    pgp_fingerprint = models.CharField(max_length=40, blank=True)
    provider = models.CharField(max_length=12, choices=Provider, blank=True)
    provider_key_sealed = models.BinaryField(default=b"", blank=True)
    provider_url = models.CharField(max_length=200, blank=True)
    webhook_secret_sealed = models.BinaryField(default=b"", blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address

    @property
    def addresses(self) -> list[str]:
        """Every address that comes in here, in lower case."""
        return [self.address.lower(), *(str(one).lower() for one in self.aliases)]

    def signs_in_by_token(self, way: str) -> bool:
        """Does it sign in over ``way`` ("imap" or "smtp") as somebody who agreed at Google or Microsoft? A password that
        is kept goes first: whoever enters one wants it to be used."""
        if self.pk is None or getattr(self, f"{way}_password_sealed"):
            return False
        return hasattr(self, "grant") and self.grant.state != Grant.State.NEW


class Grant(Sealing):
    """The right to read and send mail in a mailbox, given at Google or Microsoft instead of a password (OAuth 2.0).

    ``version`` grows with every token that is kept; ``refreshing_until`` says that a process is getting new ones, so that
    no second one uses up the same refresh token (RFC 6749, 6: a server may give a new one each time and end the old).
    ``asked`` is what was entered and not yet agreed to: until it is, the right that is there goes on.
    """

    class Provider(models.TextChoices):
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft 365"

    class Flow(models.TextChoices):
        PERSON = "person", _("Somebody signs in to the mailbox and agrees")
        APPLICATION = "application", _("The organisation’s administrator allows the app, nobody signs in")

    class State(models.TextChoices):
        NEW = "new", _("Not yet connected")
        GOOD = "good", _("Connected")
        LOST = "lost", _("Must be connected again")

    place = "grant"

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="grant")
    provider = models.CharField(max_length=12, choices=Provider)
    flow = models.CharField(max_length=12, choices=Flow, default=Flow.PERSON)
    tenant = models.CharField(max_length=100, blank=True)
    client_id = models.CharField(max_length=200, blank=True)
    user = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=dict, blank=True)
    client_secret_sealed = models.BinaryField(default=b"", blank=True)
    refresh_token_sealed = models.BinaryField(default=b"", blank=True)
    access_token_sealed = models.BinaryField(default=b"", blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    refreshing_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=4, choices=State, default=State.NEW)
    reason = models.CharField(max_length=300, blank=True)
    granted_by = models.CharField(max_length=80, blank=True)
    granted_at = models.DateTimeField(null=True, blank=True)

    REGISTRATION: ClassVar[tuple[str, ...]] = ("provider", "flow", "tenant", "client_id", "user")

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.provider} {self.state}"

    def ask(self, registration: dict[str, str], secret: str) -> None:
        """Note what was entered; an empty secret is the one that is kept."""
        before = self.as_asked()
        if secret:
            before.keep_secret("client_secret", secret)
        self.asked = {name: registration.get(name, "") for name in self.REGISTRATION}
        self.asked["secret"] = bytes(before.client_secret_sealed or b"").hex()

    def as_asked(self) -> "Grant":
        """The same row, not saved, as it will be once somebody has agreed."""
        made = Grant(**{one.attname: getattr(self, one.attname) for one in self._meta.concrete_fields})
        if self.asked:
            for name in self.REGISTRATION:
                setattr(made, name, self.asked[name])
            made.client_secret_sealed = bytes.fromhex(self.asked["secret"])
        return made
