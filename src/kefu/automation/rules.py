"""Rules: on an event, or with time, for conversations that fit. What they do, they sign with their name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.timezone import now

from kefu.automation.actions import act
from kefu.automation.models import Firing, Trigger
from kefu.conversations.events import acting
from kefu.conversations.matching import condition
from kefu.conversations.models import Conversation, Event, EventKind, Message, locked
from kefu.text.conditions import parse

TIME = "time"
EVENTS = (EventKind.STARTED, EventKind.RECEIVED, EventKind.SAID, EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.ASSIGNED,
          EventKind.ESCALATED, EventKind.RATED, EventKind.TAGGED, EventKind.PRIORITY_CHANGED, EventKind.NOT_DELIVERED)  # fmt: skip
DEEPEST = 3  # rules that follow from rules
MOST_AN_HOUR = 5  # times one rule acts on one conversation
WATCHED = "automation.watched"


def watched(kind: str) -> bool:
    """Whether an active rule waits for this kind of event; remembered for some seconds."""
    kinds = cache.get(WATCHED)
    if kinds is None:
        kinds = list(Trigger.objects.filter(active=True).values_list("event", flat=True).distinct())
        cache.set(WATCHED, kinds, timeout=5)
    return kind in kinds


def forget_watched() -> None:
    """A rule changed: look again."""
    cache.delete(WATCHED)


def on_event(event: Event) -> None:
    """Reaction: what the rules for this kind of event do, in their order."""
    rules = tuple(event.data.get("rules", ()))
    if len(rules) >= DEEPEST:
        return
    for trigger in Trigger.objects.filter(active=True, event=event.kind):
        if trigger.pk not in rules and matching(trigger).filter(pk=event.conversation_id).exists():
            fire(trigger, event.conversation_id, cause=f"event:{event.pk}", rules=rules)


def on_time() -> int:
    """Periodic job: what the rules that look at the time do; once for each state of a conversation."""
    fired = 0
    for trigger in Trigger.objects.filter(active=True, event=TIME):
        for pk, seq in matching(trigger).values_list("pk", "last_seq")[:1000]:
            fired += fire(trigger, pk, cause=f"seq:{_last_spoken(pk, seq)}")
    return fired


def fire(trigger: Trigger, conversation: int, *, cause: str, rules: Iterable[int] = ()) -> bool:
    """Let a rule act on a conversation, once for a cause, and only so often; whether anything changed."""
    lately = Firing.objects.filter(trigger=trigger, conversation=conversation, created__gte=now() - timedelta(hours=1))
    with locked(conversation) as c:
        if lately.count() >= MOST_AN_HOUR:
            return False
        _firing, is_new = Firing.objects.get_or_create(trigger=trigger, conversation=c, cause=cause)
        if not is_new:
            return False
        with acting(*rules, trigger.pk):
            return bool(act(c, trigger.actions, by=None, name=trigger.name))


def matching(trigger: Trigger, *, at: datetime | None = None) -> "QuerySet[Conversation]":
    """The conversations for which the rule's conditions hold now."""
    return Conversation.objects.filter(condition(parse(trigger.conditions), at=at)).order_by("pk")


def dry_run(trigger: Trigger, *, days: int = 7) -> "QuerySet[Conversation]":
    """Those on which the rule would act, if what happened in the last ``days`` happened now."""
    rows = matching(trigger)
    if trigger.event == TIME:
        return rows
    since = now() - timedelta(days=days)
    happened = Event.objects.filter(kind=trigger.event, created__gte=since).values("conversation")
    return rows.filter(pk__in=happened)


def _last_spoken(pk: int, seq: int) -> int:
    """The number of the last entry between customer and support: what rules write themselves is no new cause."""
    spoken = Message.objects.filter(conversation=pk, kind__in=["customer", "agent"]).order_by("-seq")
    return spoken.values_list("seq", flat=True).first() or seq
