"""What was changed in the studio, with how it was before: so that it can be looked up, and taken back."""

from django.db import models
from django.utils.timezone import now


class Change(models.Model):
    """``kind`` and ``key`` name the thing; ``before`` is None where it was made, ``after`` None where it was removed."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField(default=now)
    taken_back = models.BooleanField(default=False)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["kind", "key", "-id"], name="change_of_a_thing"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
