"""What an agent wrote and the customer does not have yet: unsent words, and answers that go out at a moment."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class Draft(models.Model):
    """Without ``send_at`` the unsent words of one agent in one conversation; with it an answer that goes out then.

    ``seen_seq`` is how far the agent had read: an answer to a thread that has changed since is held back.
    """

    class Mode(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.REPLY)
    text = models.TextField(blank=True)
    files = models.JSONField(default=list, blank=True)
    data = models.JSONField(default=dict, blank=True)
    client_key = models.CharField(max_length=64, blank=True)
    seen_seq = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(null=True, blank=True)
    asked_for = models.BooleanField(default=False)
    updated = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation", "agent"], name="one_draft_an_agent", condition=Q(send_at__isnull=True)),
            models.UniqueConstraint(fields=["conversation", "client_key"], name="one_held_answer_a_key", condition=~Q(client_key="")),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.mode}"
