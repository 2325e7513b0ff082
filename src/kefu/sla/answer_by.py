"""By when a customer has an answer: what the clocks promise, told to whom it was promised."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.sla.clocks import Kind
from kefu.sla.models import Clock
from kefu.sla.run import clocks_of, policy_for

REPLIES = (Kind.FIRST_REPLY, Kind.NEXT_REPLY)


def answer_by(conversation: Conversation) -> datetime | None:
    """Worked out from the history, so that it is there as soon as the conversation is; None where nothing is promised, where
    it is not our turn, and where the time is over."""
    policy = policy_for(conversation)
    due = [one.due_at for one in clocks_of(conversation, policy) if one.kind in REPLIES and not one.met_at] if policy else []
    return min((at for at in due if at and at > now()), default=None)


def answers_by(conversations: Iterable[Conversation]) -> dict[int, datetime]:
    """The same for many, by primary key, from the clocks as they are kept: one query."""
    wanted = [one.pk for one in conversations]
    rows = Clock.objects.filter(conversation__in=wanted, kind__in=REPLIES, met_at=None, due_at__gt=now())
    return dict(rows.order_by().values("conversation").annotate(at=Min("due_at")).values_list("conversation", "at"))
