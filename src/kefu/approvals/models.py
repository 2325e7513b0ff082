"""What somebody wants done, and what a second person said to it."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Wish(models.Model):
    """What waits for a second person: ``reason`` why, in the words of who asked; ``said`` what the second person answered;
    ``problem`` a code of why it could not be carried out."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        APPROVED = "approved", _("Approved, being carried out")
        DONE = "done", _("Carried out")
        FAILED = "failed", _("Approved, but could not be carried out")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Taken back")

    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey("people.Agent", models.CASCADE, related_name="asked_%(class)ss")
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="decided_%(class)ss")
    decided_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Approval(Wish):
    """An act on a conversation; ``payload`` is what is to be done, as its kind reads it."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="approvals")
    payload = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation", "key"], name="one_approval_a_key", condition=~Q(key="")),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="approved_by_another"),
        )
        indexes = (
            models.Index(fields=["-ended_at"], name="approval_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["expires_at"], name="approval_waiting", condition=Q(state="waiting")),
        )


class Rule(models.Model):
    """Whether a kind of act needs a second person, and for how many hours one is waited for. No row: as its kind begins."""

    kind = models.CharField(max_length=20, unique=True)
    needed = models.BooleanField()
    hours = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.needed}"


class RuleChange(Wish):
    """A rule that shall ask for less than it does."""

    needed = models.BooleanField()
    hours = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind"], name="one_rule_change_waits", condition=Q(state="waiting")),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="rule_changed_by_another"),
        )
