"""An incident and what was said about it, in each language."""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Incident(models.Model):
    """``titles`` and ``summaries`` by language; ``words`` are what customers write when they mean it, one phrase
    a line. ``answers`` (by language) is what all linked conversations are told at its end; ``answered`` of ``to_answer``
    says how far that got. ``post_mortem`` is the address of what was learned from it."""

    class State(models.TextChoices):
        INVESTIGATING = "investigating", _("Investigating")
        IDENTIFIED = "identified", _("Cause found")
        MONITORING = "monitoring", _("Fixed, watching")
        SOLVED = "solved", _("Solved")

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.ForeignKey("topics.Topic", models.SET_NULL, null=True, blank=True, related_name="incidents")
    state = models.CharField(max_length=13, choices=State, default=State.INVESTIGATING)
    titles = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    created = models.DateTimeField(default=now, db_index=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    answer_round = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    to_answer = models.PositiveIntegerField(default=0)
    opened_by = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="incidents")
    post_mortem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.slug

    @property
    def is_open(self) -> bool:
        return self.state != self.State.SOLVED

    def title(self, language: str) -> str:
        """In ``language``; English, then any, where it has none."""
        return _text(self.titles, language)

    def summary(self, language: str) -> str:
        return _text(self.summaries, language)


class IncidentUpdate(models.Model):
    """A line of the public log."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="updates")
    state = models.CharField(max_length=13, choices=Incident.State)
    texts = models.JSONField(default=dict)
    agent = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"{self.incident} {self.state}"

    def text(self, language: str) -> str:
        return _text(self.texts, language)


def _text(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next((text for text in texts.values() if text), "")


class Subscription(models.Model):
    """Somebody who is told when it is over: in a ``conversation``, or by mail at a proven ``address``. ``ended_at``: they want it no
    more."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="subscriptions")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, blank=True, related_name="incident_subscriptions"
    )
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=12)
    created = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "conversation"], name="one_subscription_a_talk"),
            models.UniqueConstraint(fields=["incident", "address"], name="one_subscription_a_mailbox", condition=~models.Q(address="")),
            models.CheckConstraint(
                condition=models.Q(conversation__isnull=False, address="") | models.Q(conversation__isnull=True) & ~models.Q(address=""),
                name="subscription_somewhere",
            ),
        )
        indexes = (models.Index(fields=["incident", "id"], name="subscription_untold", condition=models.Q(told_at=None, ended_at=None)),)

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.conversation_id or self.address}"


class Spike(models.Model):
    """Far more conversations of one topic, or about one coin or network (``about``: its ticker or name), than at this hour
    of other days: perhaps an incident. One row while it lasts."""

    topic = models.ForeignKey("topics.Topic", models.CASCADE, null=True, blank=True, related_name="spikes")
    about = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()
    usual = models.FloatField()
    created = models.DateTimeField(default=now)
    seen = models.DateTimeField(default=now)
    ended = models.DateTimeField(null=True, blank=True)
    dismissed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["topic"], name="one_spike_a_topic", condition=models.Q(ended=None, about="")),
            models.UniqueConstraint(fields=["about"], name="one_spike_a_thing", condition=models.Q(ended=None) & ~models.Q(about="")),
            models.CheckConstraint(condition=models.Q(topic__isnull=False, about="") | ~models.Q(about=""), name="spike_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.about or self.topic_id}: {self.count}"

    def name(self, language: str) -> str:
        """What many write about, in words."""
        return self.about or (self.topic.label(language) if self.topic else "")
