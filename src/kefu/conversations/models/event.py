"""Something that happened to a conversation: what reactions, reports and automation are told."""

from enum import StrEnum

from django.db import models
from django.utils.timezone import now

from kefu.conversations.models.conversation import Conversation


class EventKind(StrEnum):
    """Everything that can happen. ``wiring.REACTIONS`` says what follows from which."""

    STARTED = "conversation.started"
    RECEIVED = "message.received"
    SAID = "message.said"
    NOTED = "message.noted"
    HANDOFF_REQUESTED = "handoff.requested"
    QUEUED = "conversation.queued"
    LEFT_QUEUE = "conversation.left_queue"
    ASSIGNED = "conversation.assigned"
    UNASSIGNED = "conversation.unassigned"
    STATUS_CHANGED = "conversation.status_changed"
    REOPENED = "conversation.reopened"
    TOPIC_CHANGED = "conversation.topic_changed"
    MESSAGE_LEFT = "conversation.message_left"
    ESCALATED = "conversation.escalated"
    PRIORITY_CHANGED = "conversation.priority_changed"
    RATED = "conversation.rated"
    CLOSED = "conversation.closed"
    SNOOZED = "conversation.snoozed"
    MERGED = "conversation.merged"
    TAGGED = "conversation.tagged"
    CHECKLIST = "checklist.changed"
    APPROVAL = "approval.changed"
    LET_IN = "collaborator.let_in"
    LET_OUT = "collaborator.let_out"
    LINKED = "incident.linked"
    SLA_WARNED = "sla.warned"
    SLA_BREACHED = "sla.breached"
    NOT_DELIVERED = "delivery.failed"
    PROOF_ASKED = "proof.asked"
    PROVEN = "proof.given"
    PROOF_FAILED = "proof.failed"
    WATCHED = "watch.begun"
    WATCH_ENDED = "watch.ended"
    SECRET_REMOVED = "guard.secret_removed"


class Event(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40, choices=[(k.value, k.value) for k in EventKind])
    data = models.JSONField(default=dict)
    created = models.DateTimeField(default=now)

    class Meta:
        indexes = (models.Index(fields=["kind", "created"], name="event_kind"),)

    def __str__(self) -> str:
        return self.kind
