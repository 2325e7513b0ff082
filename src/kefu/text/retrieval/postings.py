"""An inverted index of sparse rows that grows in small sorted pieces, so that adding one row never rewrites all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

MOST_FRESH = 1000  # rows that wait to be sorted: what a query may have to wait for
FEWEST_TO_SWEEP = 1000  # rows taken out before their postings are cleared away


@dataclass(frozen=True)
class Piece:
    """Postings sorted by feature: those of ``features[i]`` stand from ``starts[i]`` to ``starts[i + 1]``."""

    features: Ints
    starts: Places
    rows: Ints
    values: Floats

    @classmethod
    def of(cls, ids: Ints, rows: Ints, values: Floats) -> "Piece":
        order = np.argsort(ids, kind="stable")
        features, starts = np.unique(ids[order], return_index=True)
        return cls(features, np.append(starts, len(ids)), rows[order], values[order])

    def ids(self) -> Ints:
        return np.repeat(self.features, np.diff(self.starts))

    def without(self, gone: NDArray[np.bool_]) -> "Piece":
        """The piece without the postings of some rows."""
        keep = ~gone[self.rows]
        return Piece.of(self.ids()[keep], self.rows[keep], self.values[keep])

    def __len__(self) -> int:
        return len(self.rows)


class Postings:
    """Rows are numbered from 0 in the order of adding. Callers take turns; removed rows are found no more."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._fresh: list[tuple[Ints, Floats]] = []
        self._size = 0
        self._alive = np.zeros(0, bool)
        self._frequency = np.zeros(0, np.int64)
        self._dead = 0
        self._swept = 0

    def __len__(self) -> int:
        """Rows given out so far, removed ones counted too."""
        return self._size

    @property
    def living(self) -> int:
        return self._size - self._dead

    def add(self, ids: Ints, values: Floats) -> int:
        """The number of the new row. ``ids`` are distinct."""
        self._fresh.append((ids, values))
        self._size += 1
        if len(self._fresh) >= MOST_FRESH:
            self._settle()
        return self._size - 1

    def alive(self) -> NDArray[np.bool_]:
        """Per row, whether it still counts."""
        self._settle()
        return self._alive

    def frequency(self, ids: Ints) -> Places:
        """In how many living rows each feature occurs."""
        self._settle()
        inside = ids < len(self._frequency)
        found = np.zeros(len(ids), np.int64)
        found[inside] = self._frequency[ids[inside]]
        return found

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows out; taking one out twice is no error."""
        self._settle()
        going = np.zeros(self._size, bool)
        going[list(rows)] = True
        going &= self._alive
        self._dead += int(going.sum())
        for piece in self._pieces:
            places = np.flatnonzero(going[piece.rows])
            held = piece.features[np.searchsorted(piece.starts, places, "right") - 1]
            self._frequency -= np.bincount(held, minlength=len(self._frequency))
        self._alive = self._alive & ~going
        if self._dead - self._swept > max(FEWEST_TO_SWEEP, self.living):
            self._pieces = [piece.without(~self._alive) for piece in self._pieces]
            self._swept = self._dead

    def gather(self, ids: Ints) -> tuple[Ints, Floats, Places]:
        """The postings of some features: row, value, and which of ``ids`` each belongs to. Dead rows are among them."""
        self._settle()
        rows, values, which = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)], [np.zeros(0, np.int64)]
        for piece in self._pieces:
            if not len(piece):
                continue
            at = np.minimum(np.searchsorted(piece.features, ids), len(piece.features) - 1)
            there = np.flatnonzero(piece.features[at] == ids)
            if not len(there):
                continue
            begin, end = piece.starts[at[there]], piece.starts[at[there] + 1]
            length = end - begin
            before = np.cumsum(length) - length
            places = np.arange(int(length.sum())) + np.repeat(begin - before, length)
            rows.append(piece.rows[places])
            values.append(piece.values[places])
            which.append(np.repeat(there, length))
        return np.concatenate(rows), np.concatenate(values), np.concatenate(which)

    def _settle(self) -> None:
        """Sort what was added since the last look into a piece, and join pieces of like size."""
        if not self._fresh:
            return
        sizes = [len(ids) for ids, _ in self._fresh]
        first = self._size - len(sizes)
        ids = np.concatenate([ids for ids, _ in self._fresh]).astype(np.int32)
        values = np.concatenate([values for _, values in self._fresh]).astype(np.float32)
        rows = np.repeat(np.arange(first, self._size, dtype=np.int32), sizes)
        self._fresh = []
        self._alive = np.append(self._alive, np.ones(len(sizes), bool))
        if len(ids):
            counted = np.bincount(ids, minlength=len(self._frequency))
            counted[: len(self._frequency)] += self._frequency
            self._frequency = counted
            self._pieces.append(Piece.of(ids, rows, values))
        while len(self._pieces) > 1 and len(self._pieces[-2]) < 2 * len(self._pieces[-1]):
            right, left = self._pieces.pop(), self._pieces.pop()
            joined = [np.concatenate(pair) for pair in zip(_parts(left), _parts(right), strict=True)]
            self._pieces.append(Piece.of(*joined))


def _parts(piece: Piece) -> tuple[Ints, Ints, Floats]:
    return piece.ids(), piece.rows, piece.values
