"""What people searched for, so that editors see what is missing."""

from django.db import models
from django.utils.timezone import now


class SearchLog(models.Model):
    """One finished search (typed out or left), guarded like any other text; ``hits`` is how many articles fitted."""

    query = models.CharField(max_length=200)
    language = models.CharField(max_length=12)
    hits = models.PositiveSmallIntegerField()
    clicked = models.ForeignKey("knowledge.Article", models.SET_NULL, null=True, blank=True)
    created = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return self.query


class IndexVersion(models.Model):
    """One row whose number grows with every publication; processes compare it with what they hold in memory."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
