"""What example questions say about a question: trained once for many documents, at once for new ones."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kefu.text.retrieval import svm
from kefu.text.retrieval.examples import Examples, Group
from kefu.text.retrieval.postings import Floats
from kefu.text.retrieval.vectors import Rows, Vocabulary, Weighing

MOST_CLASSES = 400  # beyond, the weights would take more memory and time than they bring: likeness alone decides
MOST_STEPS = 12_000_000  # classes times examples that are worth a training
LOOKED_AT = 60
Weights = NDArray[np.float16]  # three digits of a weight are enough, and halve what a site of many articles holds in memory


@dataclass(frozen=True)
class Opinion:
    """Of one document: cosine to its nearest example and to all of them together; and the classifier's margin, about 1 for
    yes and -1 for no, None for a document that it has not met."""

    nearest: float
    middle: float
    margin: float | None


class Classifier:
    """Made for some groups at once; ``add`` brings later ones, judged by likeness until the next making."""

    def __init__(self, vocabulary: Vocabulary, groups: Iterable[Group] = ()) -> None:
        held = sorted(groups, key=lambda group: str(group.doc))
        self._examples = Examples(Weighing(vocabulary, [bag for group in held for bag in group.bags]))
        rows = [self._examples.add(group) for group in held]
        self.docs: list[Hashable] = list(dict.fromkeys(group.doc for group in held))
        self._weights: Weights | None = None
        count = sum(len(group.bags) for group in held)
        if 1 < len(self.docs) <= MOST_CLASSES and count * len(self.docs) <= MOST_STEPS:
            place = {doc: number for number, doc in enumerate(self.docs)}
            labels = np.repeat([place[group.doc] for group in held], [len(group.bags) for group in held])
            self._weights = svm.train(_stacked(rows), labels, len(self.docs), len(vocabulary)).astype(np.float16)
        self.size = len(held)
        self._stale: set[Hashable] = set()

    def add(self, group: Group) -> None:
        """Take in a group that came after the making."""
        self._examples.add(group)
        self._stale.add(group.doc)

    def forget(self, doc: Hashable) -> None:
        """Trust the margin of a document no longer: its examples have gone."""
        self._stale.add(doc)

    @property
    def changes(self) -> int:
        """Documents that came, went or changed since the making."""
        return len(self._stale)

    def opinions(self, query: str) -> tuple[dict[Hashable, Opinion], float]:
        """Of the documents that come into question; and the share of the query that the examples know (0 to 1)."""
        ids, values, known = self._examples.weighing.query(query)
        if not len(ids):
            return {}, 0.0
        nearest, middle = self._examples.likeness(ids, values)
        found: dict[Hashable, tuple[float, float]] = {}
        for place in _top(nearest + middle):
            if nearest[place] > 0:
                near, mid = found.get(doc := self._examples.groups[place].doc, (0.0, 0.0))
                found[doc] = max(near, float(nearest[place])), max(mid, float(middle[place]))
        margins: dict[Hashable, float] = {}
        if self._weights is not None:
            # Features that came after the making have no weights yet.
            old = ids < len(self._weights) - 1
            margin = values[old] @ self._weights[ids[old]].astype(np.float32) + self._weights[-1].astype(np.float32)
            margins = {doc: float(margin[i]) for i, doc in enumerate(self.docs) if doc not in self._stale}
            for place in _top(margin):
                if margin[place] > -1 and self.docs[place] in margins:
                    found.setdefault(self.docs[place], (0.0, 0.0))
        return {doc: Opinion(near, mid, margins.get(doc)) for doc, (near, mid) in found.items()}, known


def _top(worth: Floats) -> list[int]:
    if len(worth) <= LOOKED_AT:
        return list(range(len(worth)))
    return np.argpartition(-worth, LOOKED_AT)[:LOOKED_AT].tolist()  # type: ignore[no-any-return]


def _stacked(rows: list[Rows]) -> Rows:
    sizes = np.concatenate([np.diff(one.starts) for one in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return Rows(starts, np.concatenate([r.ids for r in rows]), np.concatenate([r.values for r in rows]))
