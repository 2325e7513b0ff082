"""Who may serve whom: topics, languages, teams, presence and capacity. Pure over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Server:
    """An agent as routing sees one. Empty ``topics``, ``languages`` or ``teams`` mean: any."""

    pk: int
    topics: frozenset[int]
    languages: frozenset[str]
    teams: frozenset[int]
    capacity: int
    load: int
    last_assigned_at: datetime | None

    @property
    def is_free(self) -> bool:
        return self.load < self.capacity


@dataclass(frozen=True)
class Waiting:
    """A conversation in the queue; ``topics`` is its topic with all its ancestors."""

    pk: int
    topics: frozenset[int]
    language: str
    team: int | None


def fits(server: Server, waiting: Waiting, *, any_language: bool = False) -> bool:
    """Whether this agent has the expertise and (unless ``any_language``) the language, busy or not."""
    if server.topics and waiting.topics and not server.topics & waiting.topics:
        return False
    if server.teams and waiting.team is not None and waiting.team not in server.teams:
        return False
    return any_language or not server.languages or waiting.language in server.languages


def candidates(waiting: Waiting, servers: Iterable[Server]) -> list[Server]:
    """Those who fit, busy ones too. When nobody present speaks the language, the language is no condition."""
    present = list(servers)
    speaking = [server for server in present if fits(server, waiting)]
    return speaking or [server for server in present if fits(server, waiting, any_language=True)]


def best(waiting: Waiting, servers: Sequence[Server]) -> Server | None:
    """The free one with the smallest share of the capacity in use; among equals, who has rested longest."""
    free = [server for server in candidates(waiting, servers) if server.is_free]
    if not free:
        return None
    return min(
        free,
        key=lambda s: (s.load / s.capacity, s.last_assigned_at.timestamp() if s.last_assigned_at else 0.0, s.pk),
    )
