"""Words that agents stick to a conversation."""

from collections.abc import Iterable

from kefu.conversations.errors import NotAllowed
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Conversation, EventKind, Tag, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may

MOST = 20
LONGEST = 40


def set_tags(conversation: Conversation, names: Iterable[str], *, by: Agent | None = None) -> list[str]:
    """Let the conversation have exactly these tags; returns them. Raises NotAllowed for a role that may not answer."""
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    wanted = list(dict.fromkeys(filter(None, (normal(name) for name in names))))[:MOST]
    with locked(conversation) as c:
        before = set(c.tags.values_list("name", flat=True))
        if before == set(wanted):
            return sorted(before)
        c.tags.set([Tag.objects.get_or_create(name=name)[0] for name in wanted])
        added, removed = sorted(set(wanted) - before), sorted(before - set(wanted))
        append_activity(c, "tagged", agent=by, added=added, removed=removed)
        c.save()
        record(c, EventKind.TAGGED, added=added, removed=removed)
    return sorted(wanted)


def normal(name: str) -> str:
    """A tag as it is kept: lower case, without commas and spaces, which part tags where they are typed."""
    return clear("-".join(name.replace(",", " ").lower().split()))[0][:LONGEST]
