"""Scores by words: BM25 with weighted fields (Robertson and Zaragoza, 2009), one sum per row."""

from collections.abc import Mapping, Sequence

import numpy as np

from kefu.text.retrieval.postings import Floats, Postings

K1 = 2.0
B = 0.55
DOUBT = 1.25
COMMON = 4000  # a token of more rows than this is left out of a quick look when rarer ones say enough
FAINT = 0.2  # "enough": this share of the rarest token's weight


class Bm25:
    """Rows of token counts, which need not be whole numbers: a word of a title counts more than once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.postings = Postings()
        self._lengths: list[float] = []
        self._norms = np.zeros(0, np.float32)
        self._total = 0.0
        self._stale = False

    def add(self, counts: Mapping[str, float]) -> int:
        """The number of the new row."""
        numbers = self.numbers
        ids = np.array([numbers.setdefault(token, len(numbers)) for token in counts], np.int32)
        row = self.postings.add(ids, np.array(list(counts.values()), np.float32))
        self._lengths.append(sum(counts.values()))
        self._total += self._lengths[-1]
        self._stale = True
        return row

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows out of the scores and of what counts as frequent or long."""
        alive = self.postings.alive()
        self._total -= sum(self._lengths[row] for row in rows if alive[row])
        self.postings.remove(rows)
        self._stale = True

    def norms(self) -> Floats:
        """The length part of the formula per row."""
        if self._stale:
            average = self._total / max(1, self.postings.living)
            self._norms = (K1 * (1 - B + B * np.array(self._lengths) / max(average, 1e-9))).astype(np.float32)
            self._stale = False
        return self._norms

    def known(self, token: str) -> bool:
        """Whether a living row has the token."""
        number = self.numbers.get(token)
        return number is not None and bool(self.postings.frequency(np.array([number], np.int32))[0])

    def scores(self, weights: Mapping[str, float], quick: bool = False) -> tuple[Floats, float]:
        """A score per row, and the score that a text of all the tokens and of nothing else would come near to.

        The latter counts tokens that no row has with the most weight, and ``DOUBT`` tokens of a single row more, so that a
        question of common words alone is never held in full. ``quick``, for a search under way, does without the doubt and
        without tokens that are in very many rows when the query has much rarer ones.
        """
        size = len(self.postings)
        found = [(self.numbers[token], weight) for token, weight in weights.items() if token in self.numbers]
        ids = np.array([number for number, _ in found], np.int32)
        frequency = self.postings.frequency(ids)
        living = self.postings.living
        worth = np.array([weight for _, weight in found]) * np.log(1 + (living - frequency + 0.5) / (frequency + 0.5))
        missing = sum(weights.values()) - sum(weight for _, weight in found)
        ideal = float(worth.sum()) + missing * float(np.log(1 + (living + 0.5) / 0.5))
        if not quick:
            ideal += DOUBT * float(np.log(1 + max(living - 0.5, 0) / 1.5))
        keep = frequency > 0
        if quick and keep.any():
            keep &= (frequency < COMMON) | (worth >= FAINT * worth[keep].max())
        ids, worth = ids[keep], worth[keep]
        if not size or not len(ids):
            return np.zeros(size, np.float32), ideal
        rows, counts, which = self.postings.gather(ids)
        parts = worth[which] * counts / (counts + self.norms()[rows])
        total = np.bincount(rows, parts, size).astype(np.float32)
        total[~self.postings.alive()] = 0
        return total, ideal
