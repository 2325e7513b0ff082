"""Calendars, policies, and the clocks of each conversation as they were last worked out."""

from datetime import date, time, timedelta

from django.db import models

from kefu.text.business_time import Calendar, Span


class WorkCalendar(models.Model):
    """``week``: weekday (0 is Monday) to spans such as ``[["09:00", "12:00"]]``; ``special``: the same by date, empty for
    a holiday. Both empty: round the clock."""

    slug = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    zone = models.CharField(max_length=40, default="UTC")
    week = models.JSONField(default=dict, blank=True)
    special = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.slug

    def name(self, language: str) -> str:
        return str(self.names.get(language) or self.names.get("en") or self.slug)

    @property
    def hours(self) -> Calendar:
        """As the reckoning of working time takes it."""
        week = {int(day): _spans(spans) for day, spans in self.week.items()}
        special = {date.fromisoformat(day): _spans(spans) for day, spans in self.special.items()}
        return Calendar(self.zone, week, special)


class Policy(models.Model):
    """What is promised where ``conditions`` hold; the first that fits counts. Minutes of the calendar's working time."""

    slug = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    conditions = models.CharField(max_length=500, blank=True)
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="policies")
    first_reply = models.PositiveIntegerField(null=True, blank=True)
    next_reply = models.PositiveIntegerField(null=True, blank=True)
    resolution = models.PositiveIntegerField(null=True, blank=True)
    warn_at = models.FloatField(default=0.75)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.slug

    def name(self, language: str) -> str:
        return str(self.names.get(language) or self.names.get("en") or self.slug)

    def target(self, kind: str) -> timedelta | None:
        """How long may pass; None where nothing is promised."""
        minutes = getattr(self, kind)
        return timedelta(minutes=minutes) if minutes else None


class Clock(models.Model):
    """One clock. ``warn_at`` and ``due_at`` are exact moments, empty while it stands still or when it is met."""

    class Kind(models.TextChoices):
        FIRST_REPLY = "first_reply"
        NEXT_REPLY = "next_reply"
        RESOLUTION = "resolution"

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="clocks", db_index=False)
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=11, choices=Kind)
    started = models.DateTimeField()
    pauses = models.JSONField(default=list, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "kind", "started"], name="one_clock_a_start"),)
        indexes = (
            models.Index(fields=["warn_at", "conversation"], name="clock_at_risk", condition=models.Q(met_at=None, due_at__isnull=False)),
            models.Index(fields=["started"], name="clock_started"),
            models.Index(fields=["due_at"], name="clock_due", condition=models.Q(met_at=None, breached_at=None)),
            models.Index(fields=["warn_at"], name="clock_warn", condition=models.Q(met_at=None, warned_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.kind}"


def _spans(spans: list[list[str]]) -> tuple[Span, ...]:
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in spans)
