"""Keys of customers, for encrypted mail."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class PublicKey(models.Model):
    """A customer's OpenPGP key. It is used at once only if the mail that brought it is proven to be from that address, or
    the address's own domain publishes it; anything else waits until somebody looked, and so does a second key: whoever
    can send mail in another's name could else make our answers unreadable."""

    class State(models.TextChoices):
        USED = "used", _("In use")
        WAITING = "waiting", _("Waits for a look")
        RETIRED = "retired", _("No longer used")

    class Source(models.TextChoices):
        MAIL = "mail", _("came with a mail")
        DIRECTORY = "wkd", _("published by its mail domain")
        HAND = "hand", _("entered at the desk")

    address = models.CharField(max_length=254, db_index=True)
    fingerprint = models.CharField(max_length=40)
    armoured = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    source = models.CharField(max_length=4, choices=Source, default=Source.MAIL)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["address", "fingerprint"], name="one_row_per_key"),)

    def __str__(self) -> str:
        return f"{self.address} {self.fingerprint[-16:]}"
