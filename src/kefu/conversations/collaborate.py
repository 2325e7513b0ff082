"""Letting a colleague into one conversation, and out again: they read it and write notes there while it is open.

What a collaborator may do is decided where everything else is: reading by ``Conversation.objects.let_in``, writing a note by
the role. Nothing else of a conversation opens to them, so every act asks ``visible_to``.
"""

from functools import partial

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Collaborator, Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system import live
from kefu.system.audit.log import write as audit


def let_in(conversation: Conversation, agent: Agent, *, by: Agent) -> Collaborator:
    """Let ``agent`` read along and write notes, and tell them. Whoever is in already is told again.

    Raises NotAllowed when ``by`` may not answer or is only let in, or ``agent`` may see no conversations; Conflict when it
    is over.
    """
    if not may(by, "desk.answer") or not sees(by, conversation) or not may(agent, "desk.read"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.is_over:
            raise Conflict(c.status)
        found = add(c, agent, by=by)
        c.save()
    return found


def add(c: Conversation, agent: Agent, *, by: Agent) -> Collaborator:
    """The same in a ``locked`` conversation, which the caller saves, of whom that is known to be allowed."""
    found, made = Collaborator.objects.update_or_create(
        conversation=c,
        agent=agent,
        defaults={"named_at": now(), "seen_at": None},
        create_defaults={"let_in_by": by},
    )
    if made:
        append_activity(c, "let_in", agent=by, to=str(agent))
        record(c, EventKind.LET_IN, agent=agent.pk, by=by.pk)
        audit(str(by), "conversation.let_in", f"conversation:{c.number}", agent=str(agent))
    name = {"zh": by.alias, "en": by.alias_en or by.alias}
    told = {"talk": c.uid.hex, "number": c.number or "", "name": name}
    transaction.on_commit(partial(live.whisper, f"a/{agent.pk}", "mentioned", told))
    return found


def let_out(conversation: Conversation, agent: Agent, *, by: Agent) -> None:
    """Take a collaborator out again; ``by`` may be themselves. Raises NotAllowed, Conflict when they are not in."""
    if by.pk != agent.pk and (not may(by, "desk.answer") or not sees(by, conversation)):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if not Collaborator.objects.filter(conversation=c, agent=agent).delete()[0]:
            raise Conflict("gone")
        append_activity(c, "let_out", agent=by, to=str(agent), left=by.pk == agent.pk)
        c.save()
        record(c, EventKind.LET_OUT, agent=agent.pk, by=by.pk)
        audit(str(by), "conversation.let_out", f"conversation:{c.number}", agent=str(agent))
    # Told after the commit: the open page of theirs has nothing more to show, see ``wiring.FRAGMENTS``.
    transaction.on_commit(partial(live.whisper, f"a/{agent.pk}", "let_out", {"talk": conversation.uid.hex}))


def look(found: Collaborator) -> None:
    """They have seen that they were let in or named again."""
    if found.seen_at is None:
        found.seen_at = now()
        Collaborator.objects.filter(pk=found.pk, seen_at=None).update(seen_at=found.seen_at)


def sees(agent: Agent, conversation: Conversation) -> bool:
    """Whether ``agent`` sees it without being let in: by role, by team, or because it is theirs."""
    return Conversation.objects.visible_to(agent).filter(pk=conversation.pk).exists()  # type: ignore[attr-defined,no-any-return]
