"""An entry of the timeline: what a customer, an agent or the bot said, a note, or something that happened."""

from django.db import models
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

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="messages")
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

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq} {self.kind}"

    def has_no_files(self) -> None:
        """What whoever just stored it knows: showing it need not ask for its files."""
        self._prefetched_objects_cache = {"attachments": self.attachments.none()}  # type: ignore[attr-defined]

    @property
    def is_public(self) -> bool:
        """Whether the customer may see it: notes never, activities only those meant for both."""
        if self.kind == self.Kind.ACTIVITY:
            return bool(self.data.get("public"))
        return self.kind != self.Kind.NOTE
