"""Example questions by feature: how like a question is to each document's examples, the nearest and all together."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kefu.text.retrieval.postings import Floats, Ints, Postings
from kefu.text.retrieval.vectors import Bag, Rows, Weighing


@dataclass(eq=False)
class Group:
    """The examples of one document in one language, as they were added together."""

    doc: Hashable
    bags: Sequence[Bag]
    alive: bool = field(default=True)


class Examples:
    """Groups under one weighing of features; every group has at least one example."""

    def __init__(self, weighing: Weighing) -> None:
        self.weighing = weighing
        self.groups: list[Group] = []
        self._postings = Postings()
        self._first: list[int] = []
        self._lengths: list[float] = []

    def add(self, group: Group) -> Rows:
        """Rows of the group's examples."""
        rows = self.weighing.rows(group.bags)
        self.groups.append(group)
        self._first.append(len(self._postings))
        for a, b in zip(rows.starts, rows.starts[1:], strict=False):
            self._postings.add(rows.ids[a:b], rows.values[a:b])
        _, place = np.unique(rows.ids, return_inverse=True)
        self._lengths.append(float(np.linalg.norm(np.bincount(place, rows.values))) if len(rows.ids) else 1.0)
        return rows

    def likeness(self, ids: Ints, values: Floats) -> tuple[Floats, Floats]:
        """Per group, the cosine to its nearest example and to the sum of its examples; 0 for dead groups."""
        if not self.groups:
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        rows, held, which = self._postings.gather(ids)
        similar = np.bincount(rows, held * values[which], len(self._postings))
        first = np.array(self._first)
        alive = np.fromiter((group.alive for group in self.groups), bool, len(self.groups))
        nearest = np.maximum.reduceat(similar, first) * alive
        middle = np.add.reduceat(similar, first) / np.array(self._lengths) * alive
        return nearest.astype(np.float32), middle.astype(np.float32)
