"""One channel as one audience sees it: read once for all who watch, handed out in order, without gap or double."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from kefu.system.live.sources import LiveEvent


class Watcher(Protocol):
    """An open stream, as the hub sees it. Neither call may block."""

    def tell(self, channel: str, events: Sequence[LiveEvent], ready: dict[int, bytes]) -> None:
        """Pass on numbered events; ``ready`` is shared by all watchers of the same events, so that equal bytes are made once."""

    def write(self, body: bytes) -> None:
        """Pass on a chunk that is the same for everybody."""


class Feed:
    """``at``: what all ``watchers`` have. Whoever joins waits in ``joining`` until a read that began after that
    brings it to the same position; so an event that is committed while somebody joins reaches them exactly once.
    """

    __slots__ = ("at", "channel", "joining", "reading", "variant", "wanted", "watchers")

    def __init__(self, channel: str, variant: str) -> None:
        self.channel = channel
        self.variant = variant
        self.watchers: set[Watcher] = set()
        self.joining: dict[Watcher, int] = {}
        self.at = 0
        self.wanted = 0
        self.reading = False

    @property
    def is_empty(self) -> bool:
        return not self.watchers and not self.joining

    @property
    def is_due(self) -> bool:
        """Whether the database has, or may have, something that somebody here lacks."""
        return bool(self.joining) or (self.wanted > self.at and bool(self.watchers))

    def start(self) -> int:
        """The position to read from."""
        return min([*self.joining.values(), *([self.at] if self.watchers else [])])

    def leave(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)
        self.joining.pop(watcher, None)

    def stands_at(self, head: int, asked: Collection[Watcher]) -> None:
        """The database said where the channel stands: those for whom it was ``asked`` may need no read."""
        self.wanted = max(self.wanted, head)
        if self.reading or (self.watchers and self.at != head):
            return  # the read that is under way, or the one that is due, brings those who join along
        for watcher in asked:
            if self.joining.get(watcher, -1) >= head:
                del self.joining[watcher]
                self.watchers.add(watcher)
                self.at = head

    def take(self, events: Sequence[LiveEvent]) -> None:
        """Hand on what came with the ring, if it is just what the watchers lack; whatever else there is will be read."""
        lacking = [event for event in events if event.id > self.at]
        if lacking and lacking[0].id == self.at + 1 and self.watchers and not self.joining and not self.reading:
            self.hand_out(lacking, {}, self.at)

    def hand_out(self, events: Sequence[LiveEvent], joined: Mapping[Watcher, int], start: int) -> None:
        """Give everybody what they lack. ``joined`` were joining when the read from ``start`` began."""
        joined = {watcher: after for watcher, after in joined.items() if watcher in self.joining}
        ready: dict[int, bytes] = {}
        lacking = {after: [event for event in events if event.id > after] for after in {self.at, *joined.values()}}
        if lacking[self.at]:
            for watcher in tuple(self.watchers):
                watcher.tell(self.channel, lacking[self.at], ready)
        for watcher, after in joined.items():
            if lacking[after]:
                watcher.tell(self.channel, lacking[after], ready)
        reached = events[-1].id if events else start
        self.at = max(self.at, reached) if self.watchers else reached
        for watcher in joined:
            if self.joining.pop(watcher, None) is not None:
                self.watchers.add(watcher)
