"""An entry of the timeline: what a customer, an agent or the bot said, a note, or something that happened."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class Message(models.Model):
    """``seq`` numbers the messages of a conversation 1, 2, 3 … without gaps; watchers ask for "after n"."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        AGENT = "agent"
        BOT = "bot"
        NOTE = "note"
        ACTIVITY = "activity"

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="messages", db_index=False)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    client_key = models.CharField(max_length=64, null=True, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)
    first_body = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_seq"),
            models.UniqueConstraint(fields=["conversation", "client_key"], name="one_message_per_client_key"),
            models.UniqueConstraint(fields=["channel", "external_id"], name="one_message_per_external_id"),
        )
        # What colleagues said, which is not most; a conversation's messages are found by the first constraint.
        indexes = (models.Index(fields=["agent"], name="message_agent", condition=Q(agent__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq} {self.kind}"

    @property
    def files(self) -> list[Any]:
        """What came with it, as ``Attachment`` rows."""
        return [] if self._has_no_files else list(self.attachments.all())  # type: ignore[attr-defined]

    _has_no_files = False

    def has_no_files(self) -> None:
        """What whoever just stored it knows: showing it need not ask for its files."""
        self._has_no_files = True

    def has_files(self) -> None:
        self._has_no_files = False

    @property
    def is_without_files(self) -> bool:
        """Known without asking; False may also mean that nobody has looked."""
        return self._has_no_files

    @property
    def is_public(self) -> bool:
        """Whether the customer may see it: notes never, activities only those meant for both."""
        if self.kind == self.Kind.ACTIVITY:
            return bool(self.data.get("public"))
        return self.kind != self.Kind.NOTE
