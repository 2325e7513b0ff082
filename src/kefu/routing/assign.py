"""Giving whoever waits to whoever can serve: in the order of the queue, never over anybody's capacity."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from kefu.conversations.assign import give, put_back
from kefu.conversations.events import record
from kefu.conversations.models import IS_OPEN, Conversation, Event, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent, Team
from kefu.routing import match, present
from kefu.system.jobs.queue import drop_waiting
from kefu.system.steady import AHEAD, steady_for

OFFER = "routing.assign.offer"
STRANDED_AFTER = timedelta(minutes=2)
Stage = Conversation.Stage


def offer(event: Event) -> None:
    """Reaction: somebody joined the queue, or somebody's hands became free. One look serves all who wait for one."""
    drop_waiting(OFFER)
    servers = present.servers(automatic_only=True)
    if servers:
        assign_next(servers)
        assign_tickets()


def assign_tickets() -> int:
    """Give out the tickets that nobody has, as far as there is room; returns how many found somebody.

    Teams whose agents pick themselves keep theirs.
    """
    servers = present.servers(automatic_only=True)
    hand_out = dict(Team.objects.values_list("pk", "hand_out"))
    given = 0
    for waiting in present.tickets() if any(server.takes_ticket for server in servers) else []:
        way = hand_out.get(waiting.team or 0, Team.HandOut.LEAST_BUSY)
        if way == Team.HandOut.MANUAL and waiting.level == 1:
            continue
        choice = match.choose(waiting, servers, ticket=True, round_robin=way == Team.HandOut.ROUND_ROBIN)
        if choice and _give_ticket(waiting.pk, choice):
            given += 1
            at = now()
            servers = [replace(s, tickets=s.tickets + 1, last_assigned_at=at) if s.pk == choice.server.pk else s for s in servers]
    return given


def _give_ticket(conversation: int, choice: match.Choice) -> bool:
    with transaction.atomic(), locked(conversation) as c:
        if c.assignee_id or c.stage != Stage.NONE or c.is_over:
            return False
        give(c, Agent.objects.get(pk=choice.server.pk), why="routing", because=choice.because)
        c.save()
    return True


def assign_next(servers: list[match.Server] | None = None) -> int:
    """Give out as much of the queue as there are free hands; returns how many talks found a person."""
    servers = present.servers(automatic_only=True) if servers is None else servers
    if not any(server.is_free for server in servers):
        return 0
    given = 0
    for waiting in present.queue():
        choice = match.choose(waiting, servers)
        if choice is None:
            continue
        server = choice.server
        if _give(waiting.pk, choice):
            given += 1
            servers = [replace(s, load=s.load + 1) if s.pk == server.pk else s for s in servers]
        if not any(s.is_free for s in servers):
            break
    return given


def _give(conversation: int, choice: match.Choice) -> bool:
    """Give one conversation, unless it or the agent was taken meanwhile: both rows are locked and looked at again."""
    with transaction.atomic(), locked(conversation) as c:
        if c.stage != Stage.QUEUED:
            return False
        agent = Agent.objects.select_for_update(of=("self",)).get(pk=choice.server.pk)
        load = Conversation.objects.filter(assignee=agent, stage=Stage.LIVE).count()
        if load >= agent.capacity or agent.presence != Agent.Presence.ONLINE:
            return False
        give(c, agent, why="routing", because=choice.because)
        c.save()
    return True


def free_stranded() -> int:
    """Nobody is left alone: talks of agents who are gone go back to the queue with their old place.

    And whoever has not been seen for the grace period no longer holds up the queue: the talk goes on as a ticket.
    """
    at = now()
    _nobody_was_seen_tomorrow(at)
    # Just after the clock has jumped, nobody has been seen for hours, though everybody is there.
    if not steady_for(present.ABSENT_AFTER + STRANDED_AFTER):
        return 0
    stranded = Conversation.objects.filter(IS_OPEN, stage=Stage.LIVE, waiting_since__isnull=False).exclude(
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
    return moved + (_let_absent_go() if steady_for(timedelta(minutes=settings.QUEUE_GRACE_MINUTES)) else 0)


def _nobody_was_seen_tomorrow(at: datetime) -> None:
    """Who was seen before the clock was set back counts as seen now; whoever has gone is missed from now on."""
    Agent.objects.filter(seen_at__gt=at + AHEAD).update(seen_at=at)
    Conversation.objects.filter(IS_OPEN, stage=Stage.QUEUED, customer_seen_at__gt=at + AHEAD).update(customer_seen_at=at)


def _let_absent_go() -> int:
    since = now() - timedelta(minutes=settings.QUEUE_GRACE_MINUTES)
    absent = Conversation.objects.filter(IS_OPEN, stage=Stage.QUEUED, customer_seen_at__lt=since)
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
