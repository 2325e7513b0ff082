"""Mailboxes that support reads and writes, and the ledger of every mail that was seen."""

from typing import Any, ClassVar

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.system.ids import uuid7
from kefu.system.seal import Broken, seal, unseal


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("None (only inside one machine or network)")


class Mailbox(models.Model):
    """An address of support, and how mail comes in and goes out there. Passwords and keys are sealed.

    IMAP is read by position (``uid_validity``, ``last_uid``), never by what is marked as read. ``lease`` says which
    process reads it now.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    address = models.CharField(max_length=254, unique=True)
    aliases = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=80, blank=True)
    active = models.BooleanField(default=True)
    team = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="mailboxes")
    topic = models.ForeignKey("topics.Topic", models.SET_NULL, null=True, blank=True, related_name="mailboxes")
    language = models.CharField(max_length=12, blank=True)
    signatures = models.JSONField(default=dict, blank=True)
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

    smtp_host = models.CharField(max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=8, choices=Security, default=Security.STARTTLS)
    smtp_user = models.CharField(max_length=200, blank=True)
    smtp_password_sealed = models.BinaryField(default=b"", blank=True)
    dkim_selector = models.CharField(max_length=60, blank=True)
    dkim_key_sealed = models.BinaryField(default=b"", blank=True)
    pgp_key_sealed = models.BinaryField(default=b"", blank=True)
    pgp_fingerprint = models.CharField(max_length=40, blank=True)
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

    def keep_secret(self, field: str, value: str) -> None:
        """Seal a password or key into ``field`` ("imap_password", "smtp_password", "dkim_key", "pgp_key", "webhook_secret")."""
        sealed = seal(value.encode(), place=f"mailbox.{field}") if value else b""
        setattr(self, f"{field}_sealed", sealed)

    def secret(self, field: str) -> str:
        """What ``keep_secret`` was given; "" where nothing is kept or the secret key has changed."""
        sealed = bytes(getattr(self, f"{field}_sealed") or b"")
        try:
            return unseal(sealed, place=f"mailbox.{field}").decode() if sealed else ""
        except Broken:
            return ""


class PublicKey(models.Model):
    """A customer's OpenPGP key. The first one of an address is used at once; a further one only after somebody looked,
    for whoever can send mail in another's name could else make our answers unreadable."""

    class State(models.TextChoices):
        USED = "used", _("In use")
        WAITING = "waiting", _("Waits for a look")
        RETIRED = "retired", _("No longer used")

    address = models.CharField(max_length=254, db_index=True)
    fingerprint = models.CharField(max_length=40)
    armoured = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.USED)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["address", "fingerprint"], name="one_row_per_key"),)

    def __str__(self) -> str:
        return f"{self.address} {self.fingerprint[-16:]}"


class SeenMail(models.Model):
    """One mail that was seen on a mailbox, and what became of it. Every one has a row: that is how none is lost.

    The raw copy lies sealed in the file store under ``raw_key``; a mail in which a secret was found has none any more.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CONVERSATION = "conversation", _("In a conversation")
        FOLDED = "folded", _("Folded into a conversation")
        DUPLICATE = "duplicate", _("Seen before")
        BOUNCE = "bounce", _("Not delivered")
        AUTO_REPLY = "auto_reply", _("Automatic answer")
        LOOP = "loop", _("Loop")
        SPAM = "spam", _("Blocked")
        QUARANTINE = "quarantine", _("Quarantine")
        ERROR = "error", _("Error")

    class Source(models.TextChoices):
        IMAP = "imap", "IMAP"
        LMTP = "lmtp", "LMTP"
        WEBHOOK = "webhook", "Webhook"

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="seen")
    source = models.CharField(max_length=8, choices=Source)
    uid_validity = models.BigIntegerField(null=True, blank=True)
    imap_uid = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    raw_key = models.CharField(max_length=200, blank=True)
    envelope_to = models.CharField(max_length=254, blank=True)
    header_id = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    detail = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    conversation = models.ForeignKey("conversations.Conversation", models.SET_NULL, null=True, blank=True, related_name="mails")
    message = models.OneToOneField("conversations.Message", models.SET_NULL, null=True, blank=True, related_name="mail")
    received = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["SeenMail"]]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["mailbox", "uid_validity", "imap_uid"], name="one_row_per_imap_mail"),)
        indexes = (
            models.Index(fields=["mailbox", "sha256"], name="seen_mail_same"),
            models.Index(fields=["header_id"], name="seen_mail_id"),
            models.Index(fields=["sender", "-received"], name="seen_mail_sender"),
            models.Index(fields=["outcome", "received"], name="seen_mail_outcome"),
            models.Index(fields=["conversation", "-received"], name="seen_mail_conversation"),
        )

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.outcome}"

    def settle(self, outcome: "SeenMail.Outcome | str", detail: str = "", **also: Any) -> None:
        """Say what became of it; call in the transaction in which it did."""
        self.outcome, self.detail, self.settled_at = str(outcome), detail[:300], now()
        for name, value in also.items():
            setattr(self, name, value)
        self.save()
