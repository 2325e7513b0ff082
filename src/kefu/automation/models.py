"""Saved views, macros, and rules that act by themselves."""

from django.db import models
from django.utils.timezone import now


class View(models.Model):
    """A condition with a name. Without an ``owner`` everybody has it in the rail."""

    name = models.CharField(max_length=60)
    conditions = models.CharField(max_length=500)
    owner = models.ForeignKey("people.Agent", models.CASCADE, null=True, blank=True, related_name="views")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """A prepared reply by language, with variables in braces, and what happens when it is sent (see ``actions``)."""

    name = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    actions = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey("people.Agent", models.CASCADE, null=True, blank=True, related_name="macros")
    used = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-used", "name")

    def __str__(self) -> str:
        return self.name


class Trigger(models.Model):
    """When ``event`` happens (or, for ``time``, whenever it is looked at) and ``conditions`` hold, ``actions`` are done."""

    name = models.CharField(max_length=80)
    event = models.CharField(max_length=40)
    conditions = models.CharField(max_length=500, blank=True)
    actions = models.JSONField(default=list)
    active = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class Firing(models.Model):
    """A rule acted on a conversation: kept so that it does so once for each cause, and can be looked up."""

    trigger = models.ForeignKey(Trigger, models.CASCADE, related_name="firings")
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="firings")
    cause = models.CharField(max_length=60)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["trigger", "conversation", "cause"], name="one_firing_a_cause"),)

    def __str__(self) -> str:
        return f"{self.trigger_id} on {self.conversation_id}"
