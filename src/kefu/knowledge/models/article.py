"""An article of the help centre: one row for the thing, one a language for its text, one a revision for its past."""

from datetime import date

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Article(models.Model):
    class Kind(models.TextChoices):
        FAQ = "faq"
        HOW_TO = "how-to"
        TROUBLESHOOTING = "troubleshooting"
        ACADEMY = "academy"
        PATH = "path"
        TREE = "tree"

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.ForeignKey("topics.Topic", models.PROTECT, related_name="articles")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.FAQ)
    owner = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="articles")
    related: "models.ManyToManyField[Article, Article]" = models.ManyToManyField("self", symmetrical=False, blank=True)
    reviewed = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    # The chapters of a path: slugs of articles, in their order.
    chapters = models.JSONField(default=list, blank=True)
    views = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.slug

    def is_stale(self, today: date) -> bool:
        return bool(self.review_by and self.review_by < today)


class Translation(models.Model):
    """An article's text in one language. Editing changes the draft; publishing copies it to what readers see."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Withdrawn")

    article = models.ForeignKey(Article, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True)
    html = models.TextField(blank=True)
    draft = models.JSONField(null=True, blank=True)
    outdated = models.BooleanField(default=False)
    asked_for_review = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True, db_index=True)
    planned_by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    updated = models.DateTimeField(default=now)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "language"], name="one_translation_a_language"),)
        indexes = (models.Index(fields=["state", "language"], name="translation_state"),)

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class Revision(models.Model):
    """What a translation was when it was published or restored: who, when, every word."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True)
    author = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["translation", "number"], name="one_revision_per_number"),)
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.translation} · {self.number}"


class Vote(models.Model):
    """A reader's answer to "was this helpful", with the reason when it was not."""

    class Reason(models.TextChoices):
        UNCLEAR = "unclear"
        WRONG = "wrong"
        INCOMPLETE = "incomplete"
        NOT_MY_PROBLEM = "not_my_problem"

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="votes")
    visitor = models.CharField(max_length=64)
    helpful = models.BooleanField()
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["translation", "visitor"], name="one_vote_a_visitor"),)

    def __str__(self) -> str:
        return f"{self.translation_id} {'+' if self.helpful else '-'}"
