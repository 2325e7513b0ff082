"""What documents are about, in notions: the same in every language, so that all languages of a document count together.

A language model per document over notions and pairs of notions (Ponte and Croft, 1998; smoothed by Dirichlet's prior): how
much likelier a question is from this document than from all of them. A document that keeps to what is asked wins over one
that merely mentions it among much else.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

import numpy as np

from kefu.text import concepts
from kefu.text.retrieval.postings import Floats, Postings
from kefu.text.retrieval.wording import ASKING, FAINT

# What a notion counts by where it stands; a kind that is not listed counts as body.
FIELDS = {"title": 8.0, "question": 4.0, "summary": 1.0, "headings": 1.0}
BODY = 0.1
PRIOR = 60.0  # what is known of a document before it is read, in counted notions
PAIRS_COUNT = 0.6
MOST_PAIRED = 12
LOOKED_AT = 60
NOTHING = 1e-6  # what is left of a count by rounding


class Notions:
    """One row per document and language. Callers take turns."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._single = Model()
        self._paired = Model()
        self._titles: dict[Hashable, list[frozenset[str]]] = {}

    def add(self, doc: Hashable, named: Iterable[tuple[str, str]]) -> None:
        """Take in a document's texts of one language."""
        single: dict[int, float] = {}
        paired: dict[int, float] = {}
        for kind, text in named:
            found, worth = concepts.find(text), FIELDS.get(kind, BODY)
            for name in found:
                number = self._number(name)
                single[number] = single.get(number, 0.0) + worth
            if kind in {"title", "question"}:
                for pair in _pairs(found):
                    number = self._number(pair)
                    paired[number] = paired.get(number, 0.0) + worth
            if kind == "title":
                self._titles.setdefault(doc, []).append(frozenset(found) - ASKING)
        self._single.add(doc, single)
        self._paired.add(doc, paired)

    def remove(self, doc: Hashable) -> None:
        self._single.remove(doc)
        self._paired.remove(doc)
        self._titles.pop(doc, None)

    def fits(self, question: str) -> dict[Hashable, float]:
        """The documents whose notions a question shares, by how much likelier it is from them; the best ones only."""
        found = concepts.find(question)
        weights = {self._numbers[name]: FAINT if name in ASKING else 1.0 for name in found if name in self._numbers}
        scores = self._single.scores(weights, math.sqrt(sum(FAINT if name in ASKING else 1.0 for name in set(found)) or 1.0))
        pairs = _pairs(found)
        if pairs and scores:
            held = {self._numbers[pair]: 1.0 for pair in pairs if pair in self._numbers}
            likelier = self._paired.scores(held, math.sqrt(len(pairs)))
            scores = {doc: value + PAIRS_COUNT * likelier.get(doc, 0.0) for doc, value in scores.items()}
        best = sorted(scores.items(), key=lambda item: -item[1])[:LOOKED_AT]
        return dict(best)

    def titled(self, doc: Hashable, found: frozenset[str]) -> float:
        """How alike the notions of a question and of a document's title are (0 to 1): the cosine of the two sets."""
        alike = 0.0
        for title in self._titles.get(doc, ()):
            if both := len(found & title):
                alike = max(alike, both / math.sqrt(len(found) * len(title)))
        return alike

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))


class Model:
    """Counted terms of documents. Adding and removing cost what the row costs."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._places: dict[Hashable, int] = {}
        self._docs: list[Hashable] = []
        self._rows: dict[Hashable, list[tuple[int, dict[int, float]]]] = {}
        self._owners: list[int] = []
        self._lengths: list[float] = []
        self._counts: dict[int, float] = {}
        self._total = 0.0

    def add(self, doc: Hashable, counts: Mapping[int, float]) -> None:
        if doc not in self._places:
            self._places[doc] = len(self._docs)
            self._docs.append(doc)
            self._lengths.append(0.0)
        place, kept = self._places[doc], dict(counts)
        row = self._postings.add(np.array(list(kept), np.int32), np.array(list(kept.values()), np.float32))
        self._owners.append(place)
        self._rows.setdefault(doc, []).append((row, kept))
        self._lengths[place] += self._tally(kept, 1)

    def remove(self, doc: Hashable) -> None:
        if rows := self._rows.pop(doc, None):
            self._postings.remove([row for row, _ in rows])
            self._lengths[self._places[doc]] = 0.0
            for _, kept in rows:
                self._tally(kept, -1)

    def _tally(self, counts: Mapping[int, float], sign: int) -> float:
        for term, count in counts.items():
            now = self._counts.get(term, 0.0) + sign * count
            if now > NOTHING:
                self._counts[term] = now
            else:
                self._counts.pop(term, None)
        length = sum(counts.values())
        self._total += sign * length
        return length

    def scores(self, weights: Mapping[int, float], length: float) -> dict[Hashable, float]:
        """Per document with one of the terms, the logarithm of how much likelier the terms are from it, over ``length``."""
        terms = [term for term in weights if term in self._counts]
        if not terms:
            return {}
        rows, counts, which = self._postings.gather(np.array(terms, np.int32))
        alive = self._postings.alive()[rows]
        places = np.array(self._owners, np.int32)[rows[alive]]
        counts, which = counts[alive], which[alive]
        score: Floats = np.zeros(len(self._docs), np.float32)
        met = np.zeros(len(self._docs), bool)
        for at, term in enumerate(terms):
            mine = which == at
            held = np.bincount(places[mine], counts[mine], len(self._docs))
            there = np.flatnonzero(held)
            chance = (self._counts[term] + 0.5) / (self._total + 0.5 * len(self._counts))
            score[there] += weights[term] * np.log1p(held[there] / (PRIOR * chance))
            met[there] = True
        found = np.flatnonzero(met)
        total = sum(weights[term] for term in terms)  # a notion that only removed documents had counts for nothing
        less = total * np.log1p(np.array(self._lengths, np.float32)[found] / PRIOR)
        worth = (score[found] - less) / max(length, 1e-6)
        return {self._docs[place]: float(value) for place, value in zip(found.tolist(), worth, strict=True)}


def _pairs(found: Iterable[str]) -> list[str]:
    held = sorted(set(found) - ASKING)[:MOST_PAIRED]
    return [f"{a}+{b}" for a, b in combinations(held, 2)]
