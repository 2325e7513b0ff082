"""One act of staff, chained to the one before it."""

from django.db import models
from django.utils.timezone import now


class AuditEntry(models.Model):
    """Append-only. ``digest`` covers the entry and its predecessor's digest, so that a later change shows."""

    who = models.CharField(max_length=120)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=now, db_index=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.who} {self.act} {self.subject}"
