"""What is to be done before a case is finished: the list of its topic, and what was added for this one.

``must_be_done`` is the one rule that keeps a case from being solved; whoever solves asks it: people, macros, rules, actions on
many, answers to an incident, and the job that ends what nobody comes back to. Customers are never held up by it, and what is
merged or thrown away was not solved.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import ChecklistItem, Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit

MOST = 30  # items of one case alone
LONGEST = 200  # characters of an item, and of a reason


@dataclass(frozen=True)
class Item:
    """``key`` names it within its conversation; ``words`` by language, under "" where it was typed in one only."""

    key: str
    words: dict[str, str]
    required: bool
    done_at: datetime | None = None
    done_by: Agent | None = None
    added_by: Agent | None = None
    own: bool = False

    def label(self, language: str) -> str:
        return in_words(self.words, language)


class Unfinished(Conflict):
    """What must be done before it can be solved is not done; ``items`` say what."""

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__("unfinished")
        self.items = list(items)


def in_words(words: dict[str, str], language: str) -> str:
    """An item in ``language``; English, then any, where it has none."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


def items_of(conversation: Conversation) -> list[Item]:
    """The topic's items in their order, then those of this case alone."""
    rows = list(conversation.checklist_items.select_related("done_by", "added_by").order_by("pk"))  # type: ignore[attr-defined]
    ticks = {one.name: one for one in rows if one.name}
    found = []
    for entry in conversation.topic.own_checklist if conversation.topic else []:
        tick = ticks.get(entry["name"])
        done_at, done_by = (tick.done_at, tick.done_by) if tick else (None, None)
        found.append(Item(f"topic:{entry['name']}", dict(entry.get("label", {})), bool(entry.get("required")), done_at, done_by))
    own = [one for one in rows if not one.name]
    return found + [Item(f"own:{o.pk}", {"": o.text}, o.required, o.done_at, o.done_by, o.added_by, own=True) for o in own]


def must_be_done(conversation: Conversation, *, by: Agent | None = None, past: str = "") -> list[Item]:
    """Nothing where all that must be done is done. A leader who says why (``past``) passes and gets what is missing, to be noted
    with ``passed``; for everybody else it raises Unfinished."""
    missing = [one for one in items_of(conversation) if one.required and not one.done_at]
    if missing and (by is None or not may(by, "checklist.pass") or not reason_of(past)):
        raise Unfinished(missing)
    return missing


def passed(c: Conversation, missing: Sequence[Item], *, by: Agent, past: str) -> None:
    """A leader solves a ``locked`` conversation all the same: in the audit log, and in the thread. The caller saves."""
    reason = reason_of(past)
    names = [in_words(one.words, "en") for one in missing]
    audit(str(by), "checklist.passed", f"conversation:{c.number}", items=names, reason=reason)
    append_activity(c, "checklist_passed", agent=by, items=[one.words for one in missing], reason=reason)


def reason_of(typed: str) -> str:
    """A reason as it is kept: in one line, without secrets."""
    return clear(" ".join(typed.split()))[0][:LONGEST]


def tick(conversation: Conversation, *, done: Collection[str] = (), undone: Collection[str] = (), by: Agent) -> int:
    """Tick items, or take ticks away, by their keys; returns how many changed. Who and when stays in the thread.

    Raises NotAllowed, Conflict when it is closed, KeyError for an item that is not there (any more).
    """
    with _open_to(conversation, by) as c:
        there = {one.key: one for one in items_of(c)}
        wanted = [(there[key], True) for key in done] + [(there[key], False) for key in undone]
        changed = [(item, state) for item, state in wanted if bool(item.done_at) != state]
        for item, state in changed:
            _keep(c, item, by if state else None)
            append_activity(c, "ticked" if state else "unticked", agent=by, item=item.words)
        if changed:
            c.save()
            record(c, EventKind.CHECKLIST, ticked=sum(state for _item, state in changed))
    return len(changed)


def add(conversation: Conversation, text: str, *, required: bool = False, by: Agent) -> ChecklistItem:
    """An item of this case alone. Raises NotAllowed, ValueError without words, Conflict when it is closed, or (``full``) has very
    many."""
    words = reason_of(text)
    if not words:
        raise ValueError(text)
    with _open_to(conversation, by) as c:
        if ChecklistItem.objects.filter(conversation=c, name="").count() >= MOST:
            raise Conflict("full")
        made = ChecklistItem.objects.create(conversation=c, text=words, required=required, added_by=by)
        append_activity(c, "item_added", agent=by, item={"": words})
        c.save()
        record(c, EventKind.CHECKLIST)
    return made


def remove(conversation: Conversation, key: str, *, by: Agent) -> None:
    """Take away an item of this case alone: by whoever added it, or a leader, lest the list be emptied instead of done.

    Raises NotAllowed, Conflict when it is closed, KeyError when it is not there (any more).
    """
    with _open_to(conversation, by) as c:
        item = next((one for one in items_of(c) if one.own and one.key == key), None)
        if item is None:
            raise KeyError(key)
        if not may_remove(item, by):
            raise NotAllowed("checklist.pass")
        ChecklistItem.objects.filter(conversation=c, pk=key.removeprefix("own:")).delete()
        append_activity(c, "item_removed", agent=by, item=item.words)
        c.save()
        record(c, EventKind.CHECKLIST)


def may_remove(item: Item, by: Agent) -> bool:
    return item.own and (may(by, "checklist.pass") or (item.added_by is not None and item.added_by.pk == by.pk))


def tell_unfinished(c: Conversation, items: Sequence[Item], *, by: Agent | None = None, name: str = "") -> None:
    """Say in the thread of a ``locked`` conversation why it was not solved by itself; the caller saves. ``name``: the macro or
    rule that wanted to."""
    append_activity(c, "unfinished", agent=by, name=name, items=[one.words for one in items])
    record(c, EventKind.CHECKLIST)


def move(gone: Conversation, kept: Conversation) -> None:
    """Two conversations become one: what was added and ticked there goes along, as far as it is not ticked here."""
    rows = list(ChecklistItem.objects.filter(conversation=gone))
    ticked = set(ChecklistItem.objects.filter(conversation=kept, done_at__isnull=False).values_list("name", flat=True)) - {""}
    moved = [one for one in rows if not one.name or (one.done_at and one.name not in ticked)]
    ChecklistItem.objects.filter(conversation=kept, name__in=_names(moved)).delete()
    ChecklistItem.objects.filter(pk__in=[one.pk for one in moved]).update(conversation=kept)


def _names(rows: Iterable[ChecklistItem]) -> list[str]:
    return [one.name for one in rows if one.name]


def _keep(c: Conversation, item: Item, by: Agent | None) -> None:
    values = {"done_by": by, "done_at": now() if by else None}
    if item.own:
        ChecklistItem.objects.filter(conversation=c, pk=item.key.removeprefix("own:")).update(**values)
    else:
        ChecklistItem.objects.update_or_create(conversation=c, name=item.key.removeprefix("topic:"), defaults=values)


@contextmanager
def _open_to(conversation: Conversation, by: Agent) -> Iterator[Conversation]:
    if not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.status == Conversation.Status.CLOSED:
            raise Conflict(c.status)
        yield c
