"""The outbox: one attempt-tracked sending of one message to one channel address."""

from django.db import models
from django.utils.timezone import now

from kefu.conversations.models.message import Message
from kefu.system.ids import uuid7


class Delivery(models.Model):
    """``failing_since`` is when the first of the tries failed that nothing has succeeded after."""

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"
        HELD = "held"  # not sent on purpose: one automatic answer an hour is enough for anybody

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254)
    key = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    provider_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message", "channel", "address"], name="one_delivery_per_address"),)
        indexes = (models.Index(fields=["state", "due_at"], name="delivery_due"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def wants_another_way(self) -> bool:
        """Has it failed, or does it wait because a try failed? Then an agent may send it elsewhere."""
        return self.state == self.State.FAILED or (self.state == self.State.DUE and self.failing_since is not None)
