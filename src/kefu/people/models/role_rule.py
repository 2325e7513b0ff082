"""What each role must show to come to its work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kefu.people.models.agent import Agent


class RoleRule(models.Model):
    """Set by administrators; a role without a row has the default of ``people/required_factors.py``."""

    class Needs(models.TextChoices):
        NOTHING = "nothing", _("Password alone")
        FACTOR = "factor", _("Password and second factor, or passkey")
        PASSKEY = "passkey", _("Passkey only")

    role = models.CharField(max_length=14, choices=Agent.Role, unique=True)
    needs = models.CharField(max_length=7, choices=Needs)

    def __str__(self) -> str:
        return f"{self.role}: {self.needs}"
