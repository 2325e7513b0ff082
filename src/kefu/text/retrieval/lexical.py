"""Documents by their words: as a whole, and by the passage that fits best; every language has its own rows."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from kefu.text.retrieval import wording
from kefu.text.retrieval.bm25 import Bm25
from kefu.text.retrieval.postings import Floats

OWN_LANGUAGE = 1.12  # what a text in the asker's language counts beside one in another
LOOKED_AT = 50


@dataclass(frozen=True)
class Fit:
    """How much of a question a document holds (about 0 to 1): as a whole, and in its best passage."""

    whole: float
    passage: float


class Rows:
    """Texts of one kind in one language, with the documents to which they belong.

    A language has rows of its own because what is common in one is rare in a mixture of several.
    """

    def __init__(self) -> None:
        self.words = Bm25()
        self._owners: list[Hashable] = []
        self._of: dict[Hashable, list[int]] = defaultdict(list)

    def add(self, doc: Hashable, counts: Mapping[str, float]) -> None:
        self._of[doc].append(self.words.add(counts))
        self._owners.append(doc)

    def remove(self, doc: Hashable) -> None:
        if rows := self._of.pop(doc, None):
            self.words.remove(rows)

    def best(self, weights: Mapping[str, float], most: int, quick: bool = False) -> dict[Hashable, float]:
        """The documents of the highest rows, each with the share of the weights that its best row holds."""
        scores, ideal = self.words.scores(weights, quick)
        found: dict[Hashable, float] = {}
        for row in _highest(scores, most):
            doc, value = self._owners[row], float(scores[row]) / max(ideal, 1e-6)
            if value > found.get(doc, 0.0):
                found[doc] = value
        return found


class Lexical:
    """One row per document and language, and one per passage: its head and pieces of its body. Callers take turns."""

    def __init__(self) -> None:
        self._wholes: dict[str, Rows] = defaultdict(Rows)
        self._passages: dict[str, Rows] = defaultdict(Rows)

    def add(self, doc: Hashable, named: list[tuple[str, str]], language: str) -> None:
        """Take in a document's texts of one language."""
        self._wholes[language].add(doc, wording.document(named, language))
        head = "\n".join(text for kind, text in named if kind in {"title", "summary"})
        body = [piece for kind, text in named if kind == "body" for piece in wording.passages(text)]
        for piece in [head, *body] if head else body:
            self._passages[language].add(doc, wording.passage(piece, language))

    def remove(self, doc: Hashable) -> None:
        for rows in (*self._wholes.values(), *self._passages.values()):
            rows.remove(doc)

    def known(self, token: str) -> bool:
        """Whether a document has the token."""
        return any(rows.words.known(token) for rows in self._wholes.values())

    def fits(self, question: str, language: str) -> dict[Hashable, Fit]:
        """The documents that share most with a question."""
        found: dict[Hashable, Fit] = {}
        for written, rows in self._wholes.items():
            weights = wording.question(question, written)
            short = {token: weight for token, weight in weights.items() if not token.startswith("#")}
            own = OWN_LANGUAGE if same_language(written, language) else 1.0
            wholes = rows.best(weights, LOOKED_AT)
            parts = self._passages[written].best(short, 2 * LOOKED_AT) if written in self._passages else {}
            for doc in wholes.keys() | parts.keys():
                held = found.get(doc, Fit(0.0, 0.0))
                found[doc] = Fit(max(held.whole, own * wholes.get(doc, 0.0)), max(held.passage, own * parts.get(doc, 0.0)))
        return found

    def ranked(self, weights: Mapping[str, float], language: str, k: int) -> list[tuple[Hashable, float]]:
        """The documents for weighted tokens of a search under way, best first; scores of about 0 to 1."""
        found: dict[Hashable, float] = {}
        for written, rows in self._wholes.items():
            own = OWN_LANGUAGE if same_language(written, language) else 1.0
            for doc, value in rows.best(weights, 3 * k, quick=True).items():
                found[doc] = max(found.get(doc, 0.0), own * value)
        return sorted(found.items(), key=lambda item: (-item[1], str(item[0])))[:k]


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, whatever script or region they add."""
    return one.split("-")[0].casefold() == other.split("-")[0].casefold()


def _highest(scores: Floats, count: int) -> list[int]:
    if len(scores) > count:
        places = np.argpartition(-scores, count)[:count]
    else:
        places = np.arange(len(scores))
    return [int(place) for place in places if scores[place] > 0]
