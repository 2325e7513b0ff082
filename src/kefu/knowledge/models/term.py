"""A glossary term, explained on hover wherever an article uses it."""

from django.db import models


class Term(models.Model):
    slug = models.SlugField(max_length=60)
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    also = models.JSONField(default=list, blank=True)
    definition = models.CharField(max_length=500)
    article = models.ForeignKey("knowledge.Article", models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["slug", "language"], name="one_term_a_language"),)
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
