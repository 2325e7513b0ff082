"""A colleague who was let into one conversation: by being named in a note, or by hand."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class Collaborator(models.Model):
    """Who was let in, by whom and when. ``named_at`` is the last time; ``seen_at`` is empty until they have looked since."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="collaborators")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="let_into", db_index=False)
    let_in_by = models.ForeignKey("people.Agent", models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(default=now)
    named_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agent", "conversation"], name="collaborator_once"),)
        indexes = (models.Index(fields=["agent"], name="collaborator_unseen", condition=Q(seen_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.conversation_id}"
