"""Answers that go out at a moment: ten seconds later, so that they can be taken back, or when the agent says."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.changed import changed
from kefu.conversations.draft import save_draft
from kefu.conversations.errors import Conflict, NotAllowed, Refused, TooLong
from kefu.conversations.guard import guard_outgoing
from kefu.conversations.models import Conversation, Draft, Message, locked
from kefu.conversations.reply import reply
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system import live
from kefu.system.jobs.models import AT_ONCE
from kefu.system.jobs.queue import enqueue
from kefu.system.turn import write_turn

UNDO = timedelta(seconds=10)
FARTHEST = timedelta(days=365)
SEND = "conversations.later.send_held"


def hold(
    conversation: Conversation,
    text: str,
    *,
    agent: Agent,
    client_key: str,
    at: datetime | None = None,
    seen: int = 0,
    files: tuple[str, ...] = (),
    data: dict[str, Any] | None = None,
) -> Draft:
    """An answer that goes out in ten seconds, or ``at`` a moment. The same ``client_key`` again is the same answer.

    Raises what ``reply`` raises, now and not only when it is too late to say so; Conflict("moment") for a moment that is
    past or more than a year away.
    """
    if not may(agent, "desk.answer"):
        raise NotAllowed("desk.answer")
    clean = guard_outgoing(text)
    due = at or now() + UNDO
    if at and not now() < at < now() + FARTHEST:
        raise Conflict("moment")
    with locked(conversation) as c:
        if c.status == Conversation.Status.CLOSED:
            raise Conflict(c.status)
        values = {"agent": agent, "text": clean, "files": list(files), "data": data or {}, "seen_seq": seen, "send_at": due}
        held, made = Draft.objects.get_or_create(conversation=c, client_key=client_key, defaults=values | {"asked_for": at is not None})
        if made:
            enqueue(SEND, priority=AT_ONCE, due=due, draft_id=held.pk, unique=f"held:{held.pk}")
    return held


def send_held(draft_id: int) -> None:
    """Job: send it, unless it was taken back, or the customer or a colleague wrote meanwhile: then it waits as a draft."""
    with write_turn(), transaction.atomic():
        held = Draft.objects.select_for_update(of=("self",)).select_related("conversation", "agent").filter(pk=draft_id).first()
        if held is None or held.send_at is None:
            return
        if held.send_at > now() + timedelta(seconds=1):  # it was put off: a later job comes
            enqueue(SEND, priority=AT_ONCE, due=held.send_at, draft_id=held.pk, unique=f"held:{held.pk}")
            return
        talk = held.conversation
        if held.asked_for and changed(talk, held.seen_seq, agent=held.agent):
            _back(held, "changed")
            return
        try:
            with transaction.atomic():
                reply(talk, held.text, agent=held.agent, client_key=held.client_key, files=tuple(held.files), data=held.data)
        except (Conflict, NotAllowed, Refused, TooLong):
            _back(held, "refused")
            return
        held.delete()


def take_back(conversation: Conversation, pk: int, *, agent: Agent) -> Draft:
    """Not sent after all; returns what was written. Raises Conflict("sent") when it has gone out, or was another's."""
    with transaction.atomic():
        held = _mine(conversation, pk, agent)
        held.delete()
    save_draft(conversation, held.text, agent=agent, seen=held.seen_seq)
    return held


def send_now(conversation: Conversation, pk: int, *, agent: Agent) -> Message:
    """Do not wait any longer. Raises Conflict("sent") when it is not there any more, and what ``reply`` raises."""
    with transaction.atomic():
        held = _mine(conversation, pk, agent)
        message = reply(conversation, held.text, agent=agent, client_key=held.client_key, files=tuple(held.files), data=held.data)
        held.delete()
    return message


def _mine(conversation: Conversation, pk: int, agent: Agent) -> Draft:
    rows = Draft.objects.select_for_update(of=("self",))
    held = rows.filter(pk=pk, conversation=conversation, agent=agent, send_at__isnull=False).first()
    if held is None:
        raise Conflict("sent")
    return held


def send_waiting(conversation: Conversation, *, agent: Agent) -> None:
    """The agent goes on, so nothing is to be taken back any more: the answers of these ten seconds go out now, in their order."""
    for held in held_in(conversation):
        if held.agent_id == agent.pk and not held.asked_for:
            send_now(conversation, held.pk, agent=agent)


def held_in(conversation: Conversation) -> list[Draft]:
    """What is still to go out here, the next first."""
    return list(Draft.objects.filter(conversation=conversation, send_at__isnull=False).select_related("agent").order_by("send_at"))


def _back(held: Draft, why: str) -> None:
    """The words stay with their writer as a draft, and the thread says why they did not go out."""
    talk, agent = held.conversation, held.agent
    text = held.text
    held.delete()
    unsent = Draft.objects.filter(conversation=talk, agent=agent, send_at=None).values_list("text", flat=True).first()
    save_draft(talk, "\n\n".join(filter(None, [text, unsent])), agent=agent, seen=talk.last_seq)
    with locked(talk) as c:
        append_activity(c, "held_back", agent=agent, why=why)
        c.save()
    transaction.on_commit(lambda: live.ring(c.channel_name, c.last_seq))
