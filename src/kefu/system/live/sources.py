"""Where the content of a channel is read: registered by prefix, called in a worker thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """``id`` is the position in the channel, ``name`` the event's name, ``data`` its content (any text)."""

    id: int
    name: str
    data: str


Read = Callable[[str, str, int], list[LiveEvent]]
Heads = Callable[[Sequence[str]], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """``read(channel, variant, after)`` gives the events after a position, oldest first.

    ``heads(channels)`` gives the last position of each, in one query: with it thousands of returning watchers who
    missed nothing cost next to nothing, and so does the periodic check. Channels that it leaves out have position 0.

    ``fresh`` gives what ``read`` would, as far as it is known without asking the database, without a gap: it is asked by
    whoever rings, so that what was just stored is on its way at once. It may give nothing.
    """

    read: Read
    heads: Heads | None = None
    fresh: Read | None = None


_sources: dict[str, Source] = {}


def register(prefix: str, read: Read, heads: Heads | None = None, fresh: Read | None = None) -> None:
    """Channels ``prefix/…`` are sequenced: their events are numbered and can be read again from the database."""
    _sources[prefix] = Source(read, heads, fresh)


def source_of(channel: str) -> Source | None:
    """The source of a sequenced channel; None for one that only carries whispers."""
    return _sources.get(channel.split("/", 1)[0])
