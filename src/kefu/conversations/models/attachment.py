"""A file that came with a message, as it may be shown: checked by content, without its metadata."""

from django.db import models
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation
from kefu.conversations.models.message import Message
from kefu.system.ids import uuid7


class Attachment(models.Model):
    """``message`` is empty while the file is uploaded and not yet sent.

    A file for a form has no conversation yet either: ``uploader`` (kind and address of who sent it) is all that ties it.
    """

    class State(models.TextChoices):
        CLEAN = "clean"
        BLOCKED = "blocked"
        WAITING = "waiting"

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="attachments")
    uploader = models.CharField(max_length=280, blank=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200)
    thumbnail_key = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    removed = models.JSONField(default=list, blank=True)  # kinds of secrets that were taken out before it was kept
    by_customer = models.BooleanField(default=True)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
