"""Saved views, macros, and rules that act by themselves."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class View(models.Model):
    """A condition with a name. Without an ``owner`` everybody has it in the rail, or everybody of a ``team``."""

    name = models.CharField(max_length=60)
    conditions = models.CharField(max_length=500)
    owner = models.ForeignKey("people.Agent", models.CASCADE, null=True, blank=True, related_name="views")
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, blank=True, related_name="views")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.CheckConstraint(condition=models.Q(owner=None) | models.Q(team=None), name="view_of_one_or_many"),)

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


class BulkRun(models.Model):
    """The same actions on many conversations at once: seen while it goes, stopped, and undone."""

    class State(models.TextChoices):
        RUNNING = "running", _("At work")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="bulk_runs")
    actions = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=now)
    ended = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class BulkItem(models.Model):
    """One conversation of a run. ``before`` and ``after`` are what the actions changed, so that it can be put back."""

    class State(models.IntegerChoices):
        WAITING = 0
        CHANGED = 1
        UNCHANGED = 2
        FAILED = 3
        PUT_BACK = 4
        MOVED_ON = 5  # not put back: somebody has changed it since

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="bulk_items")
    state = models.PositiveSmallIntegerField(choices=State, default=State.WAITING)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "conversation"], name="one_item_a_conversation"),)
        indexes = (models.Index(fields=["run", "state", "id"], name="bulk_next"),)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.conversation_id}"
