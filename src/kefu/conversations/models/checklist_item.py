"""Something to be done before a case is finished: of the topic's checklist, or of this one case."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class ChecklistItem(models.Model):
    """With a ``name`` the tick at an item of the topic's checklist, whose words stand there; without one an item of this case
    alone, in ``text``. ``done_at`` is empty until it is ticked."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="checklist_items")
    name = models.SlugField(max_length=40, blank=True, db_index=False)
    text = models.CharField(max_length=200, blank=True)
    required = models.BooleanField(default=False)
    added_by = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="+")
    done_by = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "name"], name="one_tick_an_item", condition=~Q(name="")),)

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.name or self.text}"
