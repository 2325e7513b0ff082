"""What an agent who left still holds: live talks keep their place in the queue, tickets go back to their team."""

from django.db import transaction

from kefu.conversations.assign import put_back
from kefu.conversations.events import record
from kefu.conversations.models import IS_OPEN, Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.system.jobs.queue import enqueue

JOB = "conversations.let_go.let_go"
AT_ONCE = 100


def begin(agent: Agent) -> None:
    """Hand over everything that ``agent`` holds, by a job."""
    enqueue(JOB, agent_id=agent.pk, unique=f"let-go:{agent.pk}")


def let_go(agent_id: int) -> int:
    """Job: the next part, then itself again until nothing is left; returns how many found a way back.

    Somebody who was taken back meanwhile keeps what is left.
    """
    if Agent.objects.filter(pk=agent_id, active=True).exists():
        return 0
    held = Conversation.objects.filter(IS_OPEN, assignee=agent_id)
    part = list(held.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in part:
        with transaction.atomic(), locked(pk) as c:
            if c.assignee_id == agent_id:
                _hand_back(c)
                c.save()
    if len(part) == AT_ONCE:
        enqueue(JOB, agent_id=agent_id, unique=f"let-go:{agent_id}")
    return len(part)


def _hand_back(c: Conversation) -> None:
    if c.stage == Conversation.Stage.LIVE:
        put_back(c, why="agent_left")
        return
    c.assignee = None
    append_activity(c, "unassigned", why="agent_left")
    record(c, EventKind.UNASSIGNED, why="agent_left")
