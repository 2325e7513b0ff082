"""Giving whoever waits to whoever can serve: in the order of the queue, never over anybody's capacity."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.assign import give, put_back
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, Event, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.routing import match, present

STRANDED_AFTER = timedelta(minutes=2)
Stage = Conversation.Stage


def offer(event: Event) -> None:
    """Reaction: somebody joined the queue, or somebody's hands became free."""
    assign_next()


def assign_next() -> int:
    """Give out as much of the queue as there are free hands; returns how many talks found a person."""
    servers = present.servers(automatic_only=True)
    if not any(server.is_free for server in servers):
        return 0
    given = 0
    for waiting in present.queue():
        server = match.best(waiting, servers)
        if server is None:
            continue
        if _give(waiting.pk, server):
            given += 1
            servers = [replace(s, load=s.load + 1) if s.pk == server.pk else s for s in servers]
        if not any(s.is_free for s in servers):
            break
    return given


def _give(conversation: int, server: match.Server) -> bool:
    """Give one conversation, unless it or the agent was taken meanwhile: both rows are locked and looked at again."""
    with transaction.atomic(), locked(conversation) as c:
        if c.stage != Stage.QUEUED:
            return False
        agent = Agent.objects.select_for_update(of=("self",)).get(pk=server.pk)
        load = Conversation.objects.filter(assignee=agent, stage=Stage.LIVE).count()
        if load >= agent.capacity or agent.presence != Agent.Presence.ONLINE:
            return False
        give(c, agent, why="routing")
        c.save()
    return True


def free_stranded() -> int:
    """Nobody is left alone: talks of agents who are gone go back to the queue with their old place.

    And whoever has not been seen for the grace period no longer holds up the queue: the talk goes on as a ticket.
    """
    at = now()
    stranded = Conversation.objects.filter(stage=Stage.LIVE, waiting_since__isnull=False).exclude(
        assignee__presence__in=[Agent.Presence.ONLINE, Agent.Presence.AWAY],
        assignee__seen_at__gte=at - present.ABSENT_AFTER,
    )
    moved = 0
    for pk in stranded.filter(waiting_since__lt=at - STRANDED_AFTER).values_list("pk", flat=True)[:200]:
        with locked(pk) as c:
            if c.stage == Stage.LIVE:
                put_back(c, why="agent_gone")
                c.save()
                moved += 1
    return moved + _let_absent_go()


def _let_absent_go() -> int:
    since = now() - timedelta(minutes=settings.QUEUE_GRACE_MINUTES)
    absent = Conversation.objects.filter(stage=Stage.QUEUED, customer_seen_at__lt=since)
    gone = 0
    for pk in absent.values_list("pk", flat=True)[:200]:
        with locked(pk) as c:
            if c.stage == Stage.QUEUED:
                c.leave_queue()
                append_activity(c, "absent", public=True)
                c.save()
                record(c, EventKind.LEFT_QUEUE, why="absent")
                gone += 1
    return gone
