"""The ledger of every mail that was seen, and the fetching of older ones."""

from functools import lru_cache
from typing import Any, ClassVar

from django.db import DatabaseError, models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.channels.email.models.mailbox import Mailbox
from kefu.system.ids import uuid7
from kefu.system.prepared import Update

# What is known of a mail only when it was read.
SETTLED = ("outcome", "detail", "settled_at", "raw_key", "header_id", "sender", "subject")
LINKS = {"conversation", "message"}


class SeenMail(models.Model):
    """One mail that was seen on a mailbox, and what became of it. Every one has a row: that is how none is lost.

    The raw copy lies sealed in the file store under ``raw_key``; a mail in which a secret was found has none any more.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CONVERSATION = "conversation", _("In a conversation")
        FOLDED = "folded", _("Folded into a conversation")
        DUPLICATE = "duplicate", _("Seen before")
        BOUNCE = "bounce", _("Not delivered")
        AUTO_REPLY = "auto_reply", _("Automatic answer")
        LOOP = "loop", _("Loop")
        SPAM = "spam", _("Blocked")
        ASIDE = "aside", _("Put aside by a person")
        QUARANTINE = "quarantine", _("Quarantine")
        ERROR = "error", _("Error")

    class Source(models.TextChoices):
        IMAP = "imap", "IMAP"
        LMTP = "lmtp", "LMTP"
        WEBHOOK = "webhook", "Webhook"

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="seen")
    source = models.CharField(max_length=8, choices=Source)
    uid_validity = models.BigIntegerField(null=True, blank=True)
    imap_uid = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    raw_key = models.CharField(max_length=200, blank=True)
    envelope_to = models.CharField(max_length=254, blank=True)
    header_id = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    detail = models.CharField(max_length=300, blank=True)
    older = models.BooleanField(default=False)  # fetched afterwards, from before the mailbox was connected
    tries = models.PositiveSmallIntegerField(default=0)
    conversation = models.ForeignKey("conversations.Conversation", models.SET_NULL, null=True, blank=True, related_name="mails")
    message = models.OneToOneField("conversations.Message", models.SET_NULL, null=True, blank=True, related_name="mail")
    received = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["SeenMail"]]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["mailbox", "uid_validity", "imap_uid"], name="one_row_per_imap_mail"),)
        indexes = (
            models.Index(fields=["mailbox", "sha256"], name="seen_mail_same"),
            models.Index(fields=["header_id"], name="seen_mail_id"),
            models.Index(fields=["sender", "-received"], name="seen_mail_sender"),
            models.Index(fields=["outcome", "received"], name="seen_mail_outcome"),
            models.Index(fields=["conversation", "-received"], name="seen_mail_conversation"),
        )

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.outcome}"

    def settle(self, outcome: "SeenMail.Outcome | str", detail: str = "", **also: Any) -> None:
        """Say what became of it; call in the transaction in which it did."""
        self.outcome, self.detail, self.settled_at = str(outcome), detail[:300], now()
        for name, value in also.items():
            setattr(self, name, value)
        names = (*SETTLED, *also)
        values = {name: getattr(self, f"{name}_id" if name in LINKS else name) for name in names}
        if not _settle(names).run(values, self.pk):
            raise DatabaseError(f"mail {self.pk} is not in the ledger any more")


@lru_cache(maxsize=16)
def _settle(names: tuple[str, ...]) -> Update:
    return Update(lambda pk: SeenMail.objects.filter(pk=pk), SeenMail._meta.get_field("id"), changed=names)


class Backfill(models.Model):
    """Fetching what a mailbox got before it was connected: a part at a time, stopped and gone on with at any time.

    ``last_uid`` under ``uid_validity`` is how far it has come; ``working_until`` says that a process is at it now.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Fetching")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="backfills")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    fetched = models.PositiveIntegerField(default=0)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    working_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    started = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["mailbox"], condition=models.Q(state="running"), name="one_backfill_at_a_time"),)

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.since:%Y-%m-%d} {self.state}"
