"""A linear classifier over example questions: multinomial logistic regression, trained by AdaGrad on sparse features.

Böhning (1992) for the model, Duchi, Hazan and Singer (2011) for the step sizes. numpy carries it: the same in plain
Python takes two minutes where this takes seconds.
"""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from kefu.text.retrieval.features import features

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int32], Floats]

EPOCHS = 12
RATE = 0.1
# What a feature counts beside the others, by its kind: pieces of words are many and say the same again.
WORTH = {"w": 2.0, "b": 1.7, "g": 0.8, "c": 2.0}
SHRINK = 2e-6
SEED = 7


class Classifier:
    """Labels are what ``train`` was given; ``probabilities`` and ``neighbours`` are in the order of ``labels``."""

    def __init__(self) -> None:
        self.labels: list[Hashable] = []
        self.vocabulary: dict[str, int] = {}
        self.idf: Floats = np.zeros(0, np.float32)
        self.weights: Floats = np.zeros((0, 0), np.float32)
        self.bias: Floats = np.zeros(0, np.float32)
        self._columns: tuple[NDArray[np.int32], NDArray[np.int32], Floats] | None = None
        self._owner: NDArray[np.int32] = np.zeros(0, np.int32)

    @property
    def is_trained(self) -> bool:
        return len(self.labels) > 1

    def train(self, examples: Sequence[tuple[str, Hashable]]) -> None:
        """Learn from (question, label) pairs; deterministic."""
        self.labels = sorted({label for _, label in examples}, key=str)
        place = {label: i for i, label in enumerate(self.labels)}
        texts = [Counter(features(text)) for text, _ in examples]
        counts = Counter(feature for text in texts for feature in text)
        self.vocabulary = {feature: i for i, feature in enumerate(sorted(counts))}
        found = np.array([counts[feature] for feature in self.vocabulary], np.float32)
        worth = np.array([WORTH.get(feature[0], 1.0) for feature in self.vocabulary], np.float32)
        self.idf = worth * (np.log((1 + len(texts)) / (1 + found)).astype(np.float32) + 1)
        rows = [self._vector(text) for text in texts]
        truth = np.array([place[label] for _, label in examples], np.int32)
        self._fit(rows, truth)
        self._index(rows, truth)

    def _vector(self, counted: Counter[str]) -> Sparse:
        known = [(self.vocabulary[f], n) for f, n in counted.items() if f in self.vocabulary]
        if not known:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        index = np.array([i for i, _ in known], np.int32)
        value = (1 + np.log(np.array([n for _, n in known], np.float32))) * self.idf[index]
        return index, (value / np.linalg.norm(value)).astype(np.float32)

    def _fit(self, rows: Sequence[Sparse], truth: NDArray[np.int32]) -> None:
        size, classes = len(self.vocabulary), len(self.labels)
        weights = np.zeros((size, classes), np.float32)
        squares = np.full((size, 1), 1e-3, np.float32)
        bias = np.zeros(classes, np.float32)
        order = np.random.default_rng(SEED)
        for epoch in range(EPOCHS):
            rate = RATE / (1 + 0.15 * epoch)
            for row in order.permutation(len(rows)):
                index, value = rows[row]
                if not len(index):
                    continue
                held = weights[index]
                scores = value @ held * 6 + bias
                scores = np.exp(scores - scores.max())
                scores /= scores.sum()
                scores[truth[row]] -= 1
                step = np.outer(value, scores)
                squares[index, 0] += (step * step).sum(1)
                weights[index] = held * (1 - SHRINK) - rate * step / np.sqrt(squares[index])
                bias -= 0.01 * scores
        self.weights, self.bias = weights, bias

    def _index(self, rows: Sequence[Sparse], truth: NDArray[np.int32]) -> None:
        """The examples by feature, to find the nearest ones quickly."""
        feature = np.concatenate([index for index, _ in rows]) if rows else np.zeros(0, np.int32)
        value = np.concatenate([value for _, value in rows]) if rows else np.zeros(0, np.float32)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), [len(index) for index, _ in rows])
        order = np.argsort(feature, kind="stable")
        starts = np.searchsorted(feature[order], np.arange(len(self.vocabulary) + 1)).astype(np.int32)
        self._columns = starts, owner[order], value[order]
        self._owner = truth

    def probabilities(self, text: str) -> tuple[Floats, Floats, float]:
        """Per label: the probability, the cosine to its nearest example; and the share of the text that is known."""
        counted = Counter(features(text))
        index, value = self._vector(counted)
        if not len(index) or self._columns is None:
            flat = np.full(len(self.labels), 1 / max(1, len(self.labels)), np.float32)
            return flat, np.zeros(len(self.labels), np.float32), 0.0
        scores = value @ self.weights[index] * 6 + self.bias
        scores = np.exp(scores - scores.max())
        starts, owner, values = self._columns
        similar = np.zeros(len(self._owner), np.float32)
        for feature, weight in zip(index, value, strict=True):
            a, b = starts[feature], starts[feature + 1]
            similar[owner[a:b]] += values[a:b] * weight
        nearest = np.zeros(len(self.labels), np.float32)
        np.maximum.at(nearest, self._owner, similar)
        known = sum(n for f, n in counted.items() if f in self.vocabulary) / sum(counted.values())
        # What is unknown makes every example less like the question than the known part alone would say.
        return scores / scores.sum(), nearest * np.float32(known**0.5), known
