"""Something at the exchange that a conversation waits for: a transfer, or the check of an identity."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class Watch(models.Model):
    """``subject`` is a txid or the exchange's own id of a transfer, ``account`` whose it is; ``state`` how it stood last.

    ``agent`` is who put the conversation to sleep; empty when its customer asked to be told.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer"
        IDENTITY = "identity"

    class Outcome(models.TextChoices):
        CHANGED = "changed"
        DEADLINE = "deadline"
        STOPPED = "stopped"

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=140)
    account = models.CharField(max_length=32)
    label = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=20)
    agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="+")
    until = models.DateTimeField()
    next_look_at = models.DateTimeField(default=now)
    created = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["conversation", "kind", "subject"], condition=Q(ended_at__isnull=True), name="one_watch_of_a_thing"
            ),
        )
        indexes = (models.Index(fields=["next_look_at"], name="watch_due", condition=Q(ended_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
