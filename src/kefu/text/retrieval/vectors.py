"""Texts as sparse vectors of unit length: one vocabulary that only grows, weights by how rare a feature is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.text.retrieval.features import BLOCK_COUNT, BLOCKS, features

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Bag:
    """The features of one text: their numbers and how often each occurs."""

    ids: Ints
    counts: Floats


@dataclass(frozen=True)
class Rows:
    """Sparse rows after each other: row ``i`` is ``starts[i]`` to ``starts[i + 1]`` of ``ids`` and ``values``."""

    starts: NDArray[np.int64]
    ids: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1


class Vocabulary:
    """Numbers for features, given on first sight and never changed. One thread at a time may ``learn``, any may read."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._kinds: list[int] = []
        self._blocks: Ints = np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self._kinds)

    def learn(self, text: str) -> Bag:
        """The bag of a text; unknown features get numbers."""
        counted = Counter(features(text))
        ids = []
        for feature in counted:
            number = self.numbers.get(feature)
            if number is None:
                number = len(self._kinds)
                self._kinds.append(BLOCKS[feature[0]])
                self.numbers[feature] = number
            ids.append(number)
        return Bag(np.array(ids, np.int32), np.array(list(counted.values()), np.float32))

    def blocks(self) -> Ints:
        """Per feature, the block that it belongs to."""
        held = self._blocks
        if len(self._kinds) > len(held):
            held = self._blocks = np.append(held, np.array(self._kinds[len(held) :], np.int32)).astype(np.int32)
        return held


class Weighing:
    """How rare each feature is among some texts: smoothed inverse document frequency. Never changes."""

    def __init__(self, vocabulary: Vocabulary, bags: Sequence[Bag] = ()) -> None:
        self._vocabulary = vocabulary
        held = np.bincount(np.concatenate([bag.ids for bag in bags])) if bags else np.zeros(0, np.int64)
        self._idf = (np.log((1 + len(bags)) / (1 + held)) + 1).astype(np.float32)
        self._rarest = np.float32(np.log(1 + len(bags)) + 1)

    def _weights(self, ids: Ints) -> Floats:
        """A feature that came later is as rare as can be."""
        known = ids < len(self._idf)
        found = np.full(len(ids), self._rarest, np.float32)
        found[known] = self._idf[ids[known]]
        return found

    def rows(self, bags: Sequence[Bag]) -> Rows:
        """Vectors in which every block that a text has weighs the same, and the whole has length 1."""
        sizes = np.array([len(bag.ids) for bag in bags], np.int64)
        ids = np.concatenate([np.zeros(0, np.int32), *(bag.ids for bag in bags)])
        counts = np.concatenate([np.ones(0, np.float32), *(bag.counts for bag in bags)])
        values = (1 + np.log(counts)) * self._weights(ids)
        slot = np.repeat(np.arange(len(bags)), sizes) * BLOCK_COUNT + self._vocabulary.blocks()[ids]
        squares = np.bincount(slot, values * values, len(bags) * BLOCK_COUNT)
        blocks = (squares.reshape(-1, BLOCK_COUNT) > 0).sum(1)
        length = np.sqrt(squares * np.repeat(np.maximum(blocks, 1), BLOCK_COUNT))
        return Rows(np.concatenate([[0], np.cumsum(sizes)]), ids, (values / length[slot]).astype(np.float32))

    def query(self, text: str) -> tuple[Ints, Floats, float]:
        """The vector of a text's known features, and the share of its weight that is known (0 to 1)."""
        counted = Counter(features(text))
        numbers = self._vocabulary.numbers
        pairs = [(numbers[feature], n) for feature, n in counted.items() if feature in numbers]
        if not pairs:
            return np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0
        bag = Bag(np.array([i for i, _ in pairs], np.int32), np.array([n for _, n in pairs], np.float32))
        row = self.rows([bag])
        held = float(self._weights(bag.ids).sum())
        return row.ids, row.values, held / (held + float(self._rarest) * (len(counted) - len(pairs)))
