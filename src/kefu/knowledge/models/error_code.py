"""An error code of the operator's API: what it means, why it comes and what to do."""

from django.db import models


class ErrorCode(models.Model):
    """``names``, ``causes`` and ``fixes`` by language; ``http`` is the status it comes with."""

    code = models.CharField(max_length=20, unique=True)
    http = models.PositiveSmallIntegerField(null=True, blank=True)
    names = models.JSONField(default=dict)
    causes = models.JSONField(default=dict)
    fixes = models.JSONField(default=dict)
    article = models.ForeignKey("knowledge.Article", models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    def text(self, name: str, language: str) -> str:
        """``names``, ``causes`` or ``fixes`` in ``language``; English, then any, where it has none."""
        texts: dict[str, str] = getattr(self, name)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
