"""What macros and rules can do to a conversation: each by the verb that a person would use."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from kefu.conversations.assign import give
from kefu.conversations.bin import put_in, take_out
from kefu.conversations.checklist import Item, Unfinished, must_be_done, tell_unfinished
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Message, locked
from kefu.conversations.prioritise import lower_to, prioritise, raise_to
from kefu.conversations.timeline import append, append_activity
from kefu.people.models import Agent, Team
from kefu.text.conditions import PRIORITIES, UNITS
from kefu.topics.models import Topic

Status = Conversation.Status
STATUSES = {Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED}


class BadAction(ValueError):
    """An action that does not exist or whose value means nothing here."""


def check(actions: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The actions in their normal form; raises BadAction with words that say which one is wrong."""
    found = []
    for action in actions:
        do, value = str(action.get("do", "")), str(action.get("value", "")).strip()
        if do not in ACTIONS:
            raise BadAction(do)
        if not _means_something(do, value):
            raise BadAction(f"{do}: {value}")
        found.append({"do": do, "value": value})
    return found


def read_actions(text: str) -> list[dict[str, str]]:
    """Actions written one a line, as ``status:solved``. Raises BadAction."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return check([dict(zip(("do", "value"), line.partition(":")[::2], strict=True)) for line in lines])


def act(c: Conversation, actions: Sequence[Mapping[str, str]], *, by: Agent | None, name: str, whole: bool = False) -> list[str]:
    """Do them to a ``locked`` conversation and save it; ``name`` is the macro's or rule's, kept with what was done.

    What holds already is left out; returns what changed, as ``do:value``. What an unfinished checklist forbids is left out
    too, and said in the thread; with ``whole`` it raises Unfinished instead.
    """
    done: list[str] = []
    unfinished: list[Item] = []
    for one in actions:
        try:
            if ACTIONS[one["do"]](c, one["value"], by):
                done.append(f"{one['do']}:{one['value']}")
        except Unfinished as error:
            if whole:
                raise
            unfinished = error.items
    if done:
        append_activity(c, "rule", agent=by, name=name, did=done)
    if unfinished:
        tell_unfinished(c, unfinished, by=by, name=name)
    c.save()
    return done


def act_on(conversation: Conversation | int, actions: Sequence[Mapping[str, str]], *, by: Agent | None, name: str) -> list[str]:
    """The same for a conversation that is not locked yet."""
    with locked(conversation) as c:
        return act(c, actions, by=by, name=name)


def _status(c: Conversation, value: str, by: Agent | None) -> bool:
    if c.status == value or (c.status == Status.CLOSED):
        return False
    before = c.status
    if value == Status.SOLVED:
        must_be_done(c, by=by)
        c.solve(now())
    elif c.status == Status.SOLVED:
        c.reopen(now())
        c.status = Status(value)
    else:
        c.status = Status(value)
    record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
    return True


def _tag(c: Conversation, value: str, by: Agent | None) -> bool:
    from_names = set(c.tags.values_list("name", flat=True))
    if value in from_names:
        return False
    tag, _made = c.tags.model.objects.get_or_create(name=value)
    c.tags.add(tag)
    record(c, EventKind.TAGGED, added=[value], removed=[])
    return True


def _untag(c: Conversation, value: str, by: Agent | None) -> bool:
    tag = c.tags.filter(name=value).first()
    if tag is None:
        return False
    c.tags.remove(tag)
    record(c, EventKind.TAGGED, added=[], removed=[value])
    return True


def _priority(c: Conversation, value: str, by: Agent | None) -> bool:
    before = c.priority
    raise_to(c, PRIORITIES[value], why="rule")
    if c.priority != before:
        record(c, EventKind.PRIORITY_CHANGED, before=before, after=int(c.priority))
    return c.priority != before


def _lower(c: Conversation, value: str, by: Agent | None) -> bool:
    before = c.priority
    if PRIORITIES[value] >= before:
        return False
    lower_to(c, PRIORITIES[value], why="rule")
    if c.priority != before:
        record(c, EventKind.PRIORITY_CHANGED, before=before, after=int(c.priority))
    return c.priority != before


def _team(c: Conversation, value: str, by: Agent | None) -> bool:
    team = Team.objects.filter(slug=value).first()
    if team is None or c.team_id == team.pk:
        return False
    c.team, c.assignee = team, None
    record(c, EventKind.UNASSIGNED, why="rule")
    return True


def _assign(c: Conversation, value: str, by: Agent | None) -> bool:
    agent = by if value == "me" else Agent.objects.filter(badge=value, active=True).first()
    if agent is None or c.assignee_id == agent.pk:
        return False
    give(c, agent, why="rule")
    return True


def _topic(c: Conversation, value: str, by: Agent | None) -> bool:
    topic = Topic.objects.filter(slug=value).select_related("team").first()
    if topic is None or c.topic_id == topic.pk:
        return False
    c.topic, c.team = topic, topic.team or c.team
    record(c, EventKind.TOPIC_CHANGED, topic=value)
    prioritise(c)
    return True


def _note(c: Conversation, value: str, by: Agent | None) -> bool:
    message = append(c, Message.Kind.NOTE, value, agent=by)
    record(c, EventKind.NOTED, message=message.pk)
    return True


def _snooze(c: Conversation, value: str, by: Agent | None) -> bool:
    if c.stage != Conversation.Stage.NONE or c.is_over:
        return False
    c.snoozed_until = now() + int(value[:-1]) * UNITS[value[-1]]
    record(c, EventKind.SNOOZED, until=c.snoozed_until.isoformat())
    return True


def _bin(c: Conversation, value: str, by: Agent | None) -> bool:
    if value == "restore":
        if not c.bin or (c.customer.blocked_at and c.bin == Conversation.Bin.SPAM):
            return False  # a blocked sender is let in again by a person, one by one
        take_out(c, by=by)
        return True
    if c.bin:
        return False
    put_in(c, value, by=by)
    return True


Act = Callable[[Conversation, str, Agent | None], bool]
ACTIONS: dict[str, Act] = {
    "status": _status,
    "tag": _tag,
    "untag": _untag,
    "priority": _priority,
    "lower": _lower,
    "team": _team,
    "assign": _assign,
    "topic": _topic,
    "note": _note,
    "snooze": _snooze,
    "bin": _bin,
}


def _means_something(do: str, value: str) -> bool:
    if do == "status":
        return value in STATUSES
    if do == "bin":
        return value in {*Conversation.Bin.values, "restore"}
    if do in {"priority", "lower"}:
        return value in PRIORITIES
    if do == "team":
        return Team.objects.filter(slug=value).exists()
    if do == "topic":
        return Topic.objects.filter(slug=value).exists()
    if do == "assign":
        return value == "me" or Agent.objects.filter(badge=value).exists()
    if do == "snooze":
        return value[-1:] in UNITS and value[:-1].isdecimal() and timedelta() < int(value[:-1]) * UNITS[value[-1]] <= timedelta(days=90)
    return bool(value) and len(value) <= (2000 if do == "note" else 40)
