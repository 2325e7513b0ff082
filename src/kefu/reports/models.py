"""Sums by day and dimension, and the days that must be summed again."""

from django.db import models


class Figure(models.Model):
    """The sums of one day (UTC) for one combination of dimensions; ids are 0 and words are empty where there is none.

    ``opened`` counts by the day a conversation began; ``replied``, ``solved``, ``reopened`` and ``rated`` by the day it
    happened. ``*_seconds`` are sums over ``replied`` and ``solved``: from the beginning to the first answer of a person,
    and to the end. ``kept`` and ``missed`` are promises (clocks) by the day they were given, which never
    changes, while the day on which one is met may still move.
    ``bot_solved`` counts, by the day it began, talks that needed no person.
    """

    day = models.DateField()
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    topic = models.PositiveBigIntegerField(default=0)
    team = models.PositiveBigIntegerField(default=0)
    agent = models.PositiveBigIntegerField(default=0)
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

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "channel", "language", "topic", "team", "agent"], name="one_figure_a_combination"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class StaleDay(models.Model):
    """A day whose sums are out of date."""

    day = models.DateField(unique=True)

    def __str__(self) -> str:
        return str(self.day)
