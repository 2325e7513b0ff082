"""One line about signing in: that it happened, failed or was refused, and what changed in the ways to do it."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.people.models.user import User


class SignIn(models.Model):
    """Kept for KEFU_SIGN_IN_DAYS. Holds no secret and nothing that was typed; ``user`` is empty when no account had the address."""

    class Kind(models.TextChoices):
        DONE = "done", _("Signed in")
        NEW_DEVICE = "new_device", _("Signed in on a new device")
        FAILED = "failed", _("Wrong password or code")
        FACTOR_FAILED = "factor_failed", _("Second factor wrong")
        LOCKED = "locked", _("Refused: too many wrong tries")
        FORBIDDEN = "forbidden", _("Page refused: no right to it")
        ENDED = "ended", _("Sessions ended")
        PASSWORD = "password", _("Password changed")
        FACTOR_ADDED = "factor_added", _("Second factor added")
        FACTOR_REMOVED = "factor_removed", _("Second factor removed")
        CODES = "codes", _("New recovery codes")

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sign_ins")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # How it was done: password, totp, webauthn, recovery_codes, code; joined by "+". Of a page that was refused: its name.
    how = models.CharField(max_length=60, blank=True)
    # Who did it, when it was somebody else: a colleague's name and badge.
    by = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField()
    agent = models.CharField(max_length=200, blank=True)
    # Of the browser's own cookie: the same browser is known again, its cookie is not kept.
    device = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
