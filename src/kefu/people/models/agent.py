"""Staff who answer: badge number, role, teams, languages, topics, capacity and presence."""

from datetime import datetime

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """Agents of one expertise. ``slug`` is what topics name as their team."""

    class HandOut(models.TextChoices):
        """How the team's tickets find somebody."""

        LEAST_BUSY = "least_busy", _("To whoever is least busy")
        ROUND_ROBIN = "round_robin", _("In turn")
        MANUAL = "manual", _("Agents pick themselves")

    slug = models.SlugField(unique=True)
    hand_out = models.CharField(max_length=12, choices=HandOut, default=HandOut.LEAST_BUSY)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name

    def label(self, language: str) -> str:
        return self.name if language.startswith("zh") else self.name_en or self.name


class Agent(models.Model):
    class Role(models.TextChoices):
        AGENT = "agent"
        SUPERVISOR = "supervisor"
        EDITOR = "editor"
        ADMINISTRATOR = "administrator"
        AUDITOR = "auditor"

    class Presence(models.TextChoices):
        ONLINE = "online", _("Online")
        AWAY = "away", _("Away")
        OFFLINE = "offline", _("Offline")

    user = models.OneToOneField("people.User", models.CASCADE, related_name="agent")
    badge = models.CharField(max_length=12, unique=True)
    alias = models.CharField(max_length=60)
    alias_en = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=14, choices=Role, default=Role.AGENT)
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    languages = models.JSONField(default=list, blank=True)
    topics = models.ManyToManyField("topics.Topic", related_name="agents", blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    capacity = models.PositiveSmallIntegerField(default=4)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.OFFLINE)
    presence_since = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)
    takes_automatically = models.BooleanField(default=True)
    last_assigned_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.alias} · {self.badge}"

    @property
    def rung(self) -> int:
        """The highest rung of the customers' ladder on which this agent serves: 1 agent, 2 specialist, 3 supervisor,
        4 complaints officer. Supervisors and administrators have theirs by their role."""
        return max(self.level, {self.Role.SUPERVISOR: 3, self.Role.ADMINISTRATOR: 4}.get(self.Role(self.role), 1))

    def team_ids(self) -> list[int]:
        """The keys of the agent's teams; asked of the database once for this object."""
        models.prefetch_related_objects([self], "teams")
        return [team.pk for team in self.teams.all()]

    def label(self, language: str) -> str:
        """The name a reader of ``language`` sees."""
        return self.alias if language.startswith("zh") else self.alias_en or self.alias

    def turn(self, presence: str, *, at: datetime | None = None) -> None:
        """Go online, away or offline."""
        self.presence, self.presence_since = self.Presence(presence), at or now()
        self.save(update_fields=["presence", "presence_since"])
