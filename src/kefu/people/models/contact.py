"""Where we really are: websites, mail domains, phone numbers and accounts elsewhere. What is not listed is not ours."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficialContact(models.Model):
    """``notes`` by language: whether we write or call first there. ``address`` is what people see, ``key`` what is compared."""

    class Kind(models.TextChoices):
        WEBSITE = "website", _("Website")
        MAIL = "mail", _("Mail")
        PHONE = "phone", _("Phone")
        APP = "app", _("App")
        TELEGRAM = "telegram", "Telegram"
        X = "x", "X"
        WECHAT = "wechat", _("WeChat")
        FACEBOOK = "facebook", "Facebook"
        DISCORD = "discord", "Discord"
        YOUTUBE = "youtube", "YouTube"
        OTHER = "other", _("Other")

    class Reaches(models.TextChoices):
        """Whether we ever turn to a customer there first."""

        NEVER = "never", _("Never writes first")
        ASKED = "asked", _("Only after you asked for it")
        YES = "yes", _("Yes")

    kind = models.CharField(max_length=10, choices=Kind)
    address = models.CharField(max_length=200)
    key = models.CharField(max_length=200, unique=True)
    reaches = models.CharField(max_length=5, choices=Reaches, default=Reaches.NEVER)
    notes = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.address

    def note(self, language: str) -> str:
        """What stands beside it, in ``language``; the plain rule where nothing was written."""
        return str(self.notes.get(language) or self.get_reaches_display())


def contact_key(text: str) -> str:
    """An address as it is compared: ``https://t.me/Name/`` and ``t.me/name`` are one, so are ``+65 3100 0199`` and ``+6531000199``."""
    plain = re.sub(r"\s+", "", text.casefold())
    plain = re.sub(r"^(?:https?://|mailto:|tel:)", "", plain).removeprefix("www.").rstrip("/")
    if re.fullmatch(r"\+?[\d().-]{6,24}", plain):
        return "+" + re.sub(r"\D", "", plain).removeprefix("00")
    # “@name” is an account; “@example.com” is everybody with such a mail address.
    return plain if "." in plain else plain.removeprefix("@")
