"""A person who asks, and the addresses at which we know them."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.system.ids import uuid7


class Customer(models.Model):
    """May be anonymous, known by a channel, or verified against the exchange (then ``exchange_uid`` is set)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField("people.User", models.SET_NULL, null=True, blank=True, related_name="customer")
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    tier = models.PositiveSmallIntegerField(default=0)
    exchange_uid = models.CharField(max_length=32, blank=True, db_index=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def is_verified(self) -> bool:
        return bool(self.exchange_uid)


class Identity(models.Model):
    """One address at which we know a customer: a browser, a mailbox, a Telegram id, an exchange account.

    Addresses are never joined on a name or an unproven claim; ``proof`` says how control was shown.
    """

    class Kind(models.TextChoices):
        BROWSER = "browser"
        EMAIL = "email"
        PHONE = "phone"
        EXCHANGE = "exchange"
        TELEGRAM = "telegram"
        # A mailbox that somebody forged: a person of their own, who never meets the owner's conversations.
        CLAIMED = "claimed"

    class Proof(models.TextChoices):
        NONE = "none", _("none")
        MAILBOX = "mailbox", _("Mailbox")
        HOST_SITE = "host_site", _("Signed in at the exchange")
        APP = "app", _("Confirmed in the app")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=12, choices=Kind)
    address = models.CharField(max_length=254)
    proof = models.CharField(max_length=12, choices=Proof, default=Proof.NONE)
    verified_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "address"], name="one_identity_per_address"),)

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}"
