"""Writing and checking the audit log: a hash chain over who did what to what."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.system.audit.models import AuditEntry


def write(who: str, act: str, subject: str = "", **detail: Any) -> AuditEntry:
    """Add an entry in the caller's transaction. ``detail`` must be JSON and hold no secret and no message text."""
    with transaction.atomic():
        last = AuditEntry.objects.select_for_update().order_by("-pk").first()
        entry = AuditEntry(who=who, act=act, subject=subject, detail=detail, at=now())
        entry.digest = digest(entry, last.digest if last else "")
        entry.save(force_insert=True)
    return entry


def digest(entry: AuditEntry, before: str) -> str:
    """SHA-256 over the predecessor's digest and the entry in canonical JSON."""
    at: datetime = entry.at
    text = json.dumps(
        [before, entry.who, entry.act, entry.subject, entry.detail, at.isoformat()],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken() -> AuditEntry | None:
    """The first entry that was changed or whose predecessor was removed; None when the chain holds."""
    before = ""
    for entry in AuditEntry.objects.order_by("pk").iterator(2000):
        if entry.digest != digest(entry, before):
            return entry
        before = entry.digest
    return None
