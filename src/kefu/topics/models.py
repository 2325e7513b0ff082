"""A topic of the taxonomy, with the typed fields that a case of this topic needs."""

from typing import Any

from django.db import models

from kefu.system.prepared import Fetch


class Topic(models.Model):
    class Urgency(models.TextChoices):
        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"
        URGENT = "urgent"

    slug = models.SlugField(unique=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="topics")
    icon = models.CharField(max_length=30, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    needs = models.CharField(max_length=12, default="anonymous")
    fields = models.JSONField(default=list, blank=True)
    # What staff do before a case is finished: name, words by language (``label``), and whether it must be done (``required``).
    checklist = models.JSONField(default=list, blank=True)
    # Something that can be disturbed: it has a line of its own on the status page.
    is_service = models.BooleanField(default=False)
    # A guided flow edited in the studio, in the shape of its file; None: the file in content/flows counts.
    flow = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.slug

    def label(self, language: str) -> str:
        """The topic's name in ``language``; English, then the slug, where it has none."""
        return self._text(language, "name") or self.slug

    def about(self, language: str) -> str:
        return self._text(language, "summary")

    def _text(self, language: str, attribute: str) -> str:
        texts = {t.language: getattr(t, attribute) for t in self.translations.all()}
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")

    @property
    def own_fields(self) -> list[dict[str, Any]]:
        """The fields of a case: its own, else its parent's."""
        return self.fields or (self.parent.own_fields if self.parent else [])

    @property
    def own_checklist(self) -> list[dict[str, Any]]:
        """What is to be done for a case: its own list, else its parent's."""
        return self.checklist or (self.parent.own_checklist if self.parent else [])


# A topic by its name in addresses, with its parent and the team that has its cases.
by_slug: Fetch[Topic] = Fetch(
    lambda slug: Topic.objects.filter(slug=slug).order_by().select_related("parent", "team"), Topic._meta.get_field("slug")
)


class TopicTranslation(models.Model):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["topic", "language"], name="one_topic_text_a_language"),)

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"
