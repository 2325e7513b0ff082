"""Whose conversation it is: taken, given, passed to a team, put back."""

from collections.abc import Sequence

from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Message, locked
from kefu.conversations.timeline import append, append_activity
from kefu.people.models import Agent, Team
from kefu.people.permissions import may

Stage = Conversation.Stage


def take(conversation: Conversation, *, agent: Agent) -> Conversation:
    """An agent takes a conversation. Taking what one has already changes nothing.

    Raises Conflict (naming who has it) when a colleague was faster, NotAllowed for a role that may not answer.
    """
    if not may(agent, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.assignee_id == agent.pk and c.stage != Stage.QUEUED:
            return c
        if c.assignee_id and c.assignee_id != agent.pk:
            raise Conflict(str(Agent.objects.get(pk=c.assignee_id)))
        if c.is_over:
            raise Conflict(c.status)
        give(c, agent)
        c.save()
    return c


def give(conversation: Conversation, agent: Agent, *, why: str = "taken", because: Sequence[str] = ()) -> None:
    """Make ``agent`` responsible for a ``locked`` conversation, which the caller saves; a live talk goes live.

    ``because``: codes of what decided for this agent, kept with the entry of the timeline."""
    at = now()
    if conversation.stage in {Stage.QUEUED, Stage.BOT, Stage.LIVE}:
        conversation.go_live_with(agent, at)
    else:
        conversation.assignee, conversation.taken_at = agent, at
    Agent.objects.filter(pk=agent.pk).update(last_assigned_at=at)
    append_activity(conversation, "joined", public=True, agent=agent, why=why, because=list(because))
    record(conversation, EventKind.ASSIGNED, agent=agent.pk, why=why)


def transfer(
    conversation: Conversation,
    *,
    by: Agent,
    to: Agent | None = None,
    team: Team | None = None,
    note: str = "",
) -> Conversation:
    """Pass a conversation to a colleague, or to a team's queue, with a note for them.

    Raises NotAllowed when ``by`` may not assign, Conflict when it is over.
    """
    if not may(by, "desk.assign"):
        raise NotAllowed("desk.assign")
    if (to is None) == (team is None):
        raise ValueError("Name either an agent or a team.")
    with locked(conversation) as c:
        if c.is_over:
            raise Conflict(c.status)
        if note:
            append(c, Message.Kind.NOTE, note, agent=by)
        if to is not None:
            append_activity(c, "transferred", agent=by, to=str(to))
            give(c, to, why="transfer")
        elif team is not None:
            _to_team(c, team, by)
        c.save()
    return c


def _to_team(conversation: Conversation, team: Team, by: Agent) -> None:
    was_live = conversation.stage in {Stage.LIVE, Stage.QUEUED}
    conversation.team, conversation.assignee = team, None
    append_activity(conversation, "transferred", public=was_live, agent=by, to=team.slug)
    record(conversation, EventKind.UNASSIGNED, by=by.pk)
    if was_live:
        conversation.enter_queue(now())
        record(conversation, EventKind.QUEUED)


def put_back(conversation: Conversation, *, why: str) -> None:
    """Take a ``locked`` live talk from an agent who is gone, and let the customer keep the place from before."""
    conversation.assignee = None
    conversation.enter_queue(now())
    append_activity(conversation, "requeued", public=True, why=why)
    record(conversation, EventKind.UNASSIGNED, why=why)
    record(conversation, EventKind.QUEUED)
