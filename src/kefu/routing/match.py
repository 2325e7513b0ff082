"""Who may serve whom: topics, languages, teams, rungs, presence and capacity. Pure over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

TICKET = 0.2  # the share of a live talk's place that an open ticket takes


@dataclass(frozen=True)
class Server:
    """An agent as routing sees one. Empty ``topics``, ``languages`` or ``teams`` mean: any.

    ``level`` is the highest rung of the ladder on which the agent serves; ``load`` counts live talks, ``tickets`` open
    tickets.
    """

    pk: int
    topics: frozenset[int]
    languages: frozenset[str]
    teams: frozenset[int]
    capacity: int
    load: int
    last_assigned_at: datetime | None
    level: int = 1
    tickets: int = 0

    @property
    def is_free(self) -> bool:
        """Whether there is a place for one more live talk. Tickets wait while somebody talks, and hold up nobody."""
        return self.load < self.capacity

    @property
    def takes_ticket(self) -> bool:
        """Whether there is room for one more ticket beside everything else."""
        return self.load + (self.tickets + 1) * TICKET <= self.capacity

    @property
    def share(self) -> float:
        """How much of the capacity is in use."""
        return (self.load + self.tickets * TICKET) / self.capacity if self.capacity else 1.0

    @property
    def resting_since(self) -> float:
        """When something was given last, as a timestamp; 0 for never."""
        return self.last_assigned_at.timestamp() if self.last_assigned_at else 0.0


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits; ``topics`` is its topic with all its ancestors, ``level`` its rung.

    ``overdue``: it waited so long that any team may take it. ``last``: the agent who helped this customer before;
    ``not_agents``: those who had this case on a lower rung.
    """

    pk: int
    topics: frozenset[int]
    language: str
    team: int | None
    level: int = 1
    overdue: bool = False
    last: int | None = None
    not_agents: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Choice:
    """Who gets it, and why: codes of what decided (``topic``, ``team``, ``language`` …), in that order."""

    server: Server
    because: tuple[str, ...]


def fits(server: Server, waiting: Waiting, *, any_language: bool = False) -> bool:
    """Whether this agent has the expertise and (unless ``any_language``) the language, busy or not."""
    if server.level < waiting.level or server.pk in waiting.not_agents:
        return False
    if server.topics and waiting.topics and not server.topics & waiting.topics:
        return False
    if not waiting.overdue and server.teams and waiting.team is not None and waiting.team not in server.teams:
        return False
    return any_language or not server.languages or waiting.language in server.languages


def candidates(waiting: Waiting, servers: Iterable[Server]) -> list[Server]:
    """Those who fit, busy ones too. When nobody present speaks the language, the language is no condition."""
    present = list(servers)
    speaking = [server for server in present if fits(server, waiting)]
    return speaking or [server for server in present if fits(server, waiting, any_language=True)]


def best(waiting: Waiting, servers: Sequence[Server]) -> Server | None:
    """The free one for a live talk: see ``choose``."""
    choice = choose(waiting, servers)
    return choice.server if choice else None


def choose(waiting: Waiting, servers: Sequence[Server], *, ticket: bool = False, round_robin: bool = False) -> Choice | None:
    """The agent with room who helped this customer before; else the one with the smallest share of the capacity in
    use, and among equals who has rested longest (with ``round_robin`` only the rest counts). None when nobody can."""
    able = candidates(waiting, servers)
    free = [server for server in able if (server.takes_ticket if ticket else server.is_free)]
    if not free:
        return None
    if known := next((server for server in free if server.pk == waiting.last), None):
        return Choice(known, (*_because(known, waiting), "last_agent"))
    chosen = min(free, key=lambda server: (0.0 if round_robin else server.share, server.resting_since, server.pk))
    return Choice(chosen, (*_because(chosen, waiting), "round_robin" if round_robin else "least_busy"))


def _because(server: Server, waiting: Waiting) -> tuple[str, ...]:
    found = []
    if waiting.level > 1:
        found.append("level")
    if server.topics and waiting.topics & server.topics:
        found.append("topic")
    if waiting.team is not None and waiting.team in server.teams:
        found.append("team")
    elif waiting.overdue and waiting.team is not None:
        found.append("overflow")
    if waiting.language in server.languages:
        found.append("language")
    elif server.languages:
        found.append("no_one_speaks_it")
    return tuple(found)
