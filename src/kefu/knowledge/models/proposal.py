"""What customers and agents teach us about the articles, until an editor has looked at it."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Proposal(models.Model):
    """A question in somebody's own words. ``article`` answered it, or did not; None where nothing fitted.

    The same words (``words``: their tokens, sorted) in one language and of one kind count up.
    """

    class Kind(models.TextChoices):
        UNANSWERED = "unanswered", _("No answer")
        NOT_HELPED = "not_helped", _("Did not help")
        CONFIRMED = "confirmed", _("Helped")
        SOLVED_BY = "solved_by", _("An agent: this solved it")

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"

    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=12)
    words = models.CharField(max_length=64)
    article = models.ForeignKey("knowledge.Article", models.CASCADE, null=True, blank=True, related_name="proposals")
    count = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    created = models.DateTimeField(default=now)
    seen = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "language", "words", "article"], name="one_proposal_a_question"),
            # A missing article is equal to none for a database; so the questions without one have a rule of their own.
            models.UniqueConstraint(fields=["kind", "language", "words"], name="one_open_question", condition=models.Q(article=None)),
        )
        indexes = (models.Index(fields=["state", "-count", "-seen"], name="proposal_next"),)

    def __str__(self) -> str:
        return self.text
