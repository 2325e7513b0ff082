"""Sums by day and dimension, and the days that must be summed again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sums(models.Model):
    """What is counted.

    ``opened`` counts by the day a conversation began; ``replied``, ``solved``, ``reopened`` and ``rated`` by the day it
    happened. ``*_seconds`` are sums over ``replied`` and ``solved``: from the beginning to the first answer of a person,
    and to the end. ``kept`` and ``missed`` are promises (clocks) by the day they were given, which never
    changes, while the day on which one is met may still move.
    ``bot_solved`` counts, by the day it began, talks that needed no person; ``bot_confirmed`` those of them that were
    marked as solved, instead of nobody coming back. ``within_*`` are the ``replied`` whose first answer took no longer.
    """

    opened = models.PositiveIntegerField(default=0)
    replied = models.PositiveIntegerField(default=0)
    reply_seconds = models.PositiveBigIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    solve_seconds = models.PositiveBigIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    bot_talks = models.PositiveIntegerField(default=0)
    bot_solved = models.PositiveIntegerField(default=0)
    bot_confirmed = models.PositiveIntegerField(default=0)
    within_5m = models.PositiveIntegerField(default=0)
    within_1h = models.PositiveIntegerField(default=0)
    within_24h = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Figure(Sums):
    """The sums of one day (UTC) for one combination of dimensions; ids are 0 and words are empty where there is none."""

    day = models.DateField()
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    topic = models.PositiveBigIntegerField(default=0)
    team = models.PositiveBigIntegerField(default=0)
    agent = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "channel", "language", "topic", "team", "agent"], name="one_figure_a_combination"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class Hour(Sums):
    """The sums of one hour (UTC) by channel: what happened in it, of the same conversations and moments as the day's."""

    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["day", "hour", "channel"], name="one_hour_a_channel"),)

    def __str__(self) -> str:
        return f"{self.day} {self.hour}:00 {self.channel}"


class StaleDay(models.Model):
    """A day whose sums are out of date."""

    day = models.DateField(unique=True)

    def __str__(self) -> str:
        return str(self.day)


class ReportMail(models.Model):
    """A report that somebody gets by mail: the figures of the last ``days`` by ``dimension``, on ``next_at`` and so on."""

    class Every(models.TextChoices):
        DAY = "day", _("Every morning")
        WEEK = "week", _("Every Monday")
        MONTH = "month", _("On the first of the month")

    agent = models.ForeignKey("people.Agent", models.CASCADE, related_name="report_mails")
    dimension = models.CharField(max_length=12)
    days = models.PositiveSmallIntegerField()
    every = models.CharField(max_length=8, choices=Every)
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agent", "dimension", "days", "every"], name="one_report_mail_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.dimension} {self.days} {self.every}"
