"""Mail servers that did not let us in, so that nobody knocks again and again."""

from django.db import models


class SignIn(models.Model):
    """An account that could not be used just now: nobody tries it before ``again_at``. The row goes when somebody gets in.

    ``account`` is a keyed hash of server, user and password: another password is another account, and tried at once.
    ``refused`` says that the server looked at the password and said no; else it could not be reached.
    """

    account = models.CharField(max_length=64, unique=True)
    refused = models.BooleanField(default=False, db_default=False)
    failures = models.PositiveIntegerField(default=1, db_default=1)
    again_at = models.DateTimeField()
    words = models.CharField(max_length=300, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.failures}"
