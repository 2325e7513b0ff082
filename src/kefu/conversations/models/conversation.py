"""One problem of one customer on a timeline, whatever the channel."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.system.ids import uuid7
from kefu.system.prepared import Changes, Fetch
from kefu.text import numbering

if TYPE_CHECKING:
    from kefu.people.models import Agent


# Over is what has a moment at which it was solved; the database holds the two together. Asked for by this column, the
# few open ones among very many are found by an index of their own, on SQLite too, which takes no list for that.
IS_OPEN = Q(solved_at__isnull=True)
IS_OVER = Q(solved_at__isnull=False)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: "Agent") -> "ConversationQuerySet":
        """The gate of the desk: an agent sees own talks, those of own teams, and those of no team; without teams, all.

        Supervisors, administrators and auditors see everything; an editor writes articles and sees no customers.
        """
        if agent.role == agent.Role.EDITOR or not agent.active:
            return self.none()
        teams = None if agent.role in {agent.Role.SUPERVISOR, agent.Role.ADMINISTRATOR, agent.Role.AUDITOR} else agent.team_ids()
        return self.within(agent.pk, teams) if teams else self

    def within(self, agent: int, teams: Sequence[int]) -> "ConversationQuerySet":
        """What an agent (its key) sees who belongs to these teams: own talks, those of the teams, and those of no team."""
        return self.filter(Q(assignee=agent) | Q(team__isnull=True) | Q(team__in=teams))

    def let_in(self, agent: "Agent") -> "ConversationQuerySet":
        """Open conversations into which an agent was let, see ``collaborate``: to read, and to write notes in."""
        if agent.role == agent.Role.EDITOR or not agent.active:
            return self.none()
        return self.filter(IS_OPEN, pk__in=agent.let_into.values("conversation"))

    def queued(self) -> "ConversationQuerySet":
        """Those who wait for a person, in the order in which they will be served."""
        return self.filter(IS_OPEN, stage=Conversation.Stage.QUEUED).order_by("-priority", "-tier", "queued_at", "pk")


class Conversation(models.Model):
    class Status(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("In progress")
        PENDING = "pending", _("Waiting for the customer")
        ON_HOLD = "on_hold", _("On hold")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")

    class Stage(models.TextChoices):
        """Where a live talk is: with the bot, waiting for a person, with a person, or not live."""

        BOT = "bot"
        QUEUED = "queued"
        LIVE = "live"
        NONE = "none"

    class Bin(models.TextChoices):
        """Why a conversation is in the bin: out of every list until somebody takes it out."""

        TRASH = "trash", _("Trash")
        SPAM = "spam", _("Spam")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")
        URGENT = 4, _("Urgent")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=24, unique=True, null=True, editable=False)
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="conversations", db_index=False)
    channel = models.CharField(max_length=12)
    topic = models.ForeignKey("topics.Topic", models.SET_NULL, null=True, blank=True, related_name="conversations")
    language = models.CharField(max_length=12, default="zh-hans")
    subject = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.NONE)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    priority_reasons = models.JSONField(default=list, blank=True)
    raised = models.PositiveSmallIntegerField(default=0)
    raised_why = models.CharField(max_length=40, blank=True)
    # A level that an agent lowered it to, and why; 0: nobody did.
    lowered = models.PositiveSmallIntegerField(default=0)
    lowered_why = models.CharField(max_length=200, blank=True)
    chosen_urgency = models.CharField(max_length=8, blank=True)
    signals = models.JSONField(default=list, blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    level_due_at = models.DateTimeField(null=True, blank=True)
    tier = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey("people.Team", models.SET_NULL, null=True, blank=True, related_name="conversations", db_index=False)
    assignee = models.ForeignKey("people.Agent", models.SET_NULL, null=True, blank=True, related_name="conversations", db_index=False)
    fields = models.JSONField(default=dict, blank=True)
    bot = models.JSONField(default=dict, blank=True)
    tags: "models.ManyToManyField[Tag, Tag]" = models.ManyToManyField("Tag", blank=True)
    incident = models.ForeignKey("incidents.Incident", models.SET_NULL, null=True, blank=True, related_name="conversations", db_index=False)
    followers = models.ManyToManyField("people.Agent", blank=True, related_name="followed")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged", db_index=False)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by", db_index=False)
    asked_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="side_talks", db_index=False)
    related: "models.ManyToManyField[Conversation, Conversation]" = models.ManyToManyField("self", blank=True)
    bin = models.CharField(max_length=5, choices=Bin, blank=True, default="")
    binned_at = models.DateTimeField(null=True, blank=True)

    last_seq = models.PositiveIntegerField(default=0)
    customer_read_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=now)
    last_message_at = models.DateTimeField(default=now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    customer_seen_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Which account was proven inside this conversation, and when: it fades, see ``prove``.
    proven_account = models.CharField(max_length=32, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    # The rung of the ladder to which that led; none: a code from the app.
    proven_rung = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager["Conversation"]] = ConversationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["solved", "closed"], solved_at__isnull=False)
                | Q(status__in=["new", "open", "pending", "on_hold"], solved_at__isnull=True),
                name="over_means_solved_at",
            ),
        )
        indexes = (
            models.Index(fields=["-last_message_at", "-id"], name="conv_open", condition=IS_OPEN),
            models.Index(fields=["snoozed_until"], name="conv_snoozed", condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["taken_at"], name="conv_taken", condition=Q(taken_at__isnull=False)),
            models.Index(fields=["solved_at"], name="conv_to_close", condition=Q(solved_at__isnull=False, closed_at__isnull=True)),
            models.Index(fields=["stage", "-priority", "-tier", "queued_at"], name="conv_queue"),
            # Also the indexes of the two references: a team's year of solved ones stays out of the way of its open ones.
            models.Index(fields=["assignee", "solved_at"], name="conv_mine"),
            models.Index(fields=["team", "solved_at"], name="conv_team"),
            models.Index(fields=["status", "-last_message_at", "-id"], name="conv_inbox"),
            models.Index(fields=["customer", "-last_message_at"], name="conv_customer"),
            models.Index(fields=["-last_message_at", "-id"], name="conv_recent"),
            # What reports of a day ask for, and "solved lately".
            models.Index(fields=["created"], name="conv_created"),
            models.Index(fields=["first_replied_at"], name="conv_replied", condition=Q(first_replied_at__isnull=False)),
            models.Index(fields=["-solved_at", "-id"], name="conv_solved", condition=Q(solved_at__isnull=False)),
            # References that few have. Every message moves its conversation's row, and each index with all rows is written then.
            models.Index(fields=["incident"], name="conv_incident", condition=Q(incident__isnull=False)),
            models.Index(fields=["merged_into"], name="conv_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["follows"], name="conv_follows", condition=Q(follows__isnull=False)),
            models.Index(fields=["asked_from"], name="conv_side", condition=Q(asked_from__isnull=False)),
            models.Index(fields=["bin", "-binned_at", "-id"], name="conv_bin", condition=Q(binned_at__isnull=False)),
        )

    def __str__(self) -> str:
        return self.number or str(self.uid)

    _changes: Changes | None = None
    waits_on = False  # whether what the customer just said changes nothing for whoever must answer: they wait already

    def save(self, *args: Any, **kwargs: Any) -> None:
        if args or kwargs or self._changes is None:
            super().save(*args, **kwargs)
        else:
            self._changes.save(self)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self._changes = None
        super().refresh_from_db(*args, **kwargs)

    def is_locked(self) -> None:
        """What whoever has just read it under its lock knows: ``save`` writes only what changes from here on."""
        self._changes = Changes(self)

    def give_number(self) -> None:
        """The public number, from the row's own id: no counter that new conversations would queue for. The caller saves."""
        self.number = numbering.make(settings.NUMBER_PREFIX, self.created.year, self.pk)

    @property
    def channel_name(self) -> str:
        """The name of this conversation's live channel."""
        return f"c/{self.uid.hex}"

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.SOLVED, self.Status.CLOSED}

    def hear_from_customer(self, at: datetime) -> bool:
        """The customer wrote: the clock of whoever must answer runs. True when this woke a solved conversation."""
        self.last_message_at = at
        self.customer_seen_at = at
        self.waits_on = self.waiting_since is not None and self.status in {self.Status.NEW, self.Status.OPEN}
        self.waiting_since = self.waiting_since or at
        self.snoozed_until = self.reminded_at = None
        woke = self.status == self.Status.SOLVED
        if self.status in {self.Status.PENDING, self.Status.SOLVED, self.Status.ON_HOLD}:
            self.status, self.solved_at = self.Status.OPEN, None
        return woke

    def hear_from_agent(self, at: datetime) -> None:
        """A person answered: it is the customer's turn."""
        self.last_message_at = at
        self.first_replied_at = self.first_replied_at or at
        self.waiting_since = self.reminded_at = None
        if not self.is_over:
            self.status = self.Status.PENDING

    def hear_from_bot(self, at: datetime) -> None:
        self.last_message_at = at
        if self.stage == self.Stage.BOT:
            self.waiting_since = None

    def enter_queue(self, at: datetime) -> None:
        """Wait for a person. The place is kept from the first time on: asking again does not send one back."""
        self.stage = self.Stage.QUEUED
        self.queued_at = self.queued_at or at
        self.waiting_since = self.waiting_since or at
        self.status = self.Status.OPEN

    def leave_queue(self) -> None:
        self.stage = self.Stage.NONE

    def go_live_with(self, agent: "Agent", at: datetime) -> None:
        self.assignee, self.stage, self.taken_at = agent, self.Stage.LIVE, at
        if self.status == self.Status.NEW:
            self.status = self.Status.OPEN

    def close(self, at: datetime) -> None:
        self.status, self.stage, self.waiting_since = self.Status.CLOSED, self.Stage.NONE, None
        self.solved_at, self.closed_at = self.solved_at or at, at

    def solve(self, at: datetime) -> None:
        self.status, self.stage, self.solved_at, self.waiting_since = self.Status.SOLVED, self.Stage.NONE, at, None

    def reopen(self, at: datetime) -> None:
        self.status, self.solved_at, self.closed_at = self.Status.OPEN, None, None
        self.waiting_since = at


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.name


@contextmanager
def locked(conversation: Conversation | int) -> Iterator[Conversation]:
    """The conversation's row, locked until the end of the transaction; saved by whoever changes it."""
    with transaction.atomic():
        yield lock(conversation if isinstance(conversation, int) else conversation.pk)


def lock(pk: int) -> Conversation:
    """The same for whoever is in a transaction already and has nothing of it undone alone."""
    found = _by_pk.first(pk)
    if found is None:
        raise Conversation.DoesNotExist(pk)
    found.is_locked()
    return found


def lock_of(uid: UUID, customer: int) -> Conversation | None:
    """The customer's conversation of this uid, locked until the end of the caller's transaction; None where it is not theirs."""
    found = _by_uid.first(uid, customer)
    if found:
        found.is_locked()
    return found


_by_pk: Fetch[Conversation] = Fetch(
    lambda pk: Conversation.objects.select_for_update(of=("self",)).filter(pk=pk), Conversation._meta.get_field("id")
)
_by_uid: Fetch[Conversation] = Fetch(
    lambda uid, customer: Conversation.objects.select_for_update(of=("self",)).filter(uid=uid, customer=customer),
    Conversation._meta.get_field("uid"),
    Conversation._meta.get_field("customer"),
)
