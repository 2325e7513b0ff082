"""A customer's judgement of one conversation."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """One a conversation; a later judgement replaces the earlier one. ``review`` is the supervisor's look at a bad one."""

    class Reason(models.TextChoices):
        NONE = "", _("No reason given")
        SLOW = "slow", _("It took too long")
        UNSOLVED = "unsolved", _("The problem is not solved")
        UNCLEAR = "unclear", _("The answer was hard to understand")
        UNFRIENDLY = "unfriendly", _("The tone was not right")
        RULES = "rules", _("I disagree with the rule itself")
        OTHER = "other", _("Something else")

    class Review(models.TextChoices):
        NONE = "none"
        OPEN = "open"
        DONE = "done"

    conversation = models.OneToOneField("conversations.Conversation", models.CASCADE, related_name="rating")
    agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="ratings")
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    comment = models.TextField(blank=True)
    review = models.CharField(max_length=4, choices=Review, default=Review.NONE)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="score_from_1_to_5"),)
        indexes = (
            models.Index(fields=["review", "created"], name="rating_review"),
            models.Index(fields=["created"], name="rating_created"),
        )

    def __str__(self) -> str:
        return f"{self.score}/5"


class Review(models.Model):
    """A supervisor's score card for one conversation: ``scores`` from 1 to 5 by name, ``score`` their mean."""

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="reviews")
    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey("people.Agent", models.CASCADE, related_name="reviews_written")
    scores = models.JSONField(default=dict)
    score = models.FloatField()
    comment = models.TextField(blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "reviewer"], name="one_review_a_reviewer"),)
        indexes = (models.Index(fields=["agent", "-created"], name="review_agent"),)

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.score:.1f}"
