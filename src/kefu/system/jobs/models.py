"""A piece of work that commits with its cause and runs after it."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

# Priorities. Somebody looks at the screen and waits for it; nobody does, and it gives way while pages are asked for (see
# ``worker``); it only counts, and the later the more can be done together.
AT_ONCE, SOON, LATER = 1, 0, -1


class Job(models.Model):
    """The row is the queue. ``lease`` names the run that holds it: a run whose lease was taken over may not finish it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DEAD = "dead"

    handler = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    priority = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    unique_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    last_error = models.TextField(blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        indexes = (
            models.Index(fields=["-priority", "due_at", "id"], name="job_due", condition=Q(state="waiting")),
            models.Index(fields=["leased_until"], name="job_lease", condition=Q(state="running")),
        )

    def __str__(self) -> str:
        return f"{self.handler} {self.state}"


class Slot(models.Model):
    """One planned run of a periodic job: whoever inserts the row enqueues it, so that it runs once for all machines."""

    name = models.CharField(max_length=80)
    slot = models.BigIntegerField()
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["name", "slot"], name="one_run_a_slot"),)

    def __str__(self) -> str:
        return f"{self.name} {self.slot}"
