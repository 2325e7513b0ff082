"""Where the content of a channel is read: registered by prefix, called in a worker thread."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LiveEvent:
    """``id`` is the position in the channel, ``name`` the event's name, ``data`` its content (any text)."""

    id: int
    name: str
    data: str


Source = Callable[[str, str, int], list[LiveEvent]]

_sources: dict[str, Source] = {}


def register(prefix: str, source: Source) -> None:
    """``source(channel, variant, after)`` gives the events after a position, for channels ``prefix/…``."""
    _sources[prefix] = source


def source_of(channel: str) -> Source | None:
    return _sources.get(channel.split("/", 1)[0])
