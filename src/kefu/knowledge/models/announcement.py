"""What everybody should know: listings, maintenance, rule changes, risk warnings."""

from django.db import models
from django.utils.timezone import now


class Announcement(models.Model):
    class Kind(models.TextChoices):
        LISTING = "listing"
        DELISTING = "delisting"
        MAINTENANCE = "maintenance"
        UPGRADE = "upgrade"
        RULE = "rule"
        CAMPAIGN = "campaign"
        RISK = "risk"

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    published = models.DateTimeField(default=now, db_index=True)
    expires = models.DateTimeField(null=True, blank=True)
    pinned = models.BooleanField(default=False)

    class Meta:
        ordering = ("-published",)

    def __str__(self) -> str:
        return self.slug


class AnnouncementText(models.Model):
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["announcement", "language"], name="one_announcement_text_a_language"),)

    def __str__(self) -> str:
        return self.title
