"""An incremental inverted index with BM25 scores over short texts (Robertson and Zaragoza, 2009)."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.55
Floats = NDArray[np.float32]


class Postings:
    """Where one token occurs: unit numbers and counts, frozen to arrays when first read."""

    __slots__ = ("_counts", "_frozen", "_units")

    def __init__(self) -> None:
        self._units: list[int] = []
        self._counts: list[int] = []
        self._frozen: tuple[NDArray[np.int32], Floats] | None = None

    def add(self, unit: int, count: int) -> None:
        self._units.append(unit)
        self._counts.append(count)
        self._frozen = None

    def arrays(self) -> tuple[NDArray[np.int32], Floats]:
        if self._frozen is None:
            self._frozen = np.array(self._units, np.int32), np.array(self._counts, np.float32)
        return self._frozen

    def __len__(self) -> int:
        return len(self._units)


class Bm25:
    """Units are numbered from 0 in the order of adding. Removed ones stay as holes until ``holes`` is worth a rebuild."""

    def __init__(self) -> None:
        self.postings: dict[str, Postings] = {}
        self.lengths: list[int] = []
        self.alive: list[bool] = []
        self.total = 0
        self.living = 0
        self._sorted: list[str] | None = None
        self._norms: Floats | None = None

    def add(self, tokens: Iterable[str]) -> int:
        """The number of the new unit."""
        counts = Counter(tokens)
        unit = len(self.lengths)
        for token, count in counts.items():
            held = self.postings.get(token)
            if held is None:
                held = self.postings[token] = Postings()
                self._sorted = None
            held.add(unit, count)
        length = sum(counts.values())
        self.lengths.append(length)
        self.alive.append(True)
        self.total += length
        self.living += 1
        self._norms = None
        return unit

    def remove(self, unit: int) -> None:
        if self.alive[unit]:
            self.alive[unit] = False
            self.total -= self.lengths[unit]
            self.living -= 1
            self._norms = None

    @property
    def holes(self) -> int:
        return len(self.alive) - self.living

    def norms(self) -> Floats:
        """The length part of the formula per unit; infinite for holes, so that they score nothing."""
        if self._norms is None:
            average = self.total / self.living if self.living else 1.0
            norms = K1 * (1 - B + B * np.array(self.lengths, np.float32) / max(average, 1.0))
            norms[~np.array(self.alive, bool)] = np.inf
            self._norms = norms
        return self._norms

    def idf(self, token: str) -> float:
        """Robertson's inverse document frequency, never negative; that of a token seen once for an unknown one."""
        held = self.postings.get(token)
        if held is None:
            count = 0
        elif self.holes:
            count = int(np.isfinite(self.norms()[held.arrays()[0]]).sum())
        else:
            count = len(held)
        return math.log(1 + (self.living - count + 0.5) / (count + 0.5))

    def scores(self, weights: Mapping[str, float]) -> Floats:
        """A score per unit for weighted tokens."""
        total = np.zeros(len(self.lengths), np.float32)
        norms = self.norms()
        for token, weight in weights.items():
            held = self.postings.get(token)
            if held is not None:
                units, counts = held.arrays()
                total[units] += weight * self.idf(token) * counts * (K1 + 1) / (counts + norms[units])
        return total

    def completions(self, prefix: str, most: int = 24) -> list[str]:
        """Known tokens that begin with ``prefix``, the most frequent first."""
        if self._sorted is None:
            self._sorted = sorted(self.postings)
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\U0010ffff")
        found = self._sorted[start : min(end, start + 400)]
        return sorted(found, key=lambda token: -len(self.postings[token]))[:most]
