"""The index: texts of documents in several languages, answered by words, examples and concepts together."""

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from kefu.text import concepts
from kefu.text.retrieval.bm25 import Bm25
from kefu.text.retrieval.classifier import Classifier
from kefu.text.retrieval.confidence import confidence
from kefu.text.tokens import CJK, grams, raw_words, words

# How much a text of this kind counts beside the others.
WEIGHTS = {"title": 1.35, "question": 1.3, "summary": 1.1, "headings": 1.0, "body": 0.85}
OTHER = 0.9
SECTION = 600  # a longer text is cut into sections of about this many characters
GRAM_WEIGHT = 0.25
CONCEPT_WEIGHT = 1.6
OWN_LANGUAGE = 1.12
LOOKED_AT = 50  # candidates of the words that the classifier's opinion is added to
FEWEST_TO_CLEAN = 2000


@dataclass(frozen=True)
class Hit:
    """A document that fits: ``score`` orders, ``confidence`` (0 to 1) says how likely it answers the question."""

    doc_id: Hashable
    score: float
    confidence: float


@dataclass(frozen=True)
class Unit:
    """One text of a document: its title, an example question, a section."""

    doc: Hashable
    language: str
    kind: str
    text: str


class Index:
    """Adding and removing are seen by the next query; ``train`` teaches the classifier what examples there are.

    Between two trainings a new document is found by its words and its examples alone. Safe for many threads.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._bm25 = Bm25()
        self._units: list[Unit] = []
        self._weights: list[float] = []
        self._of_doc: dict[Hashable, list[int]] = defaultdict(list)
        self._examples: dict[Hashable, list[str]] = defaultdict(list)
        self._classifier = Classifier()

    def __len__(self) -> int:
        return len(self._of_doc)

    def add(
        self,
        doc_id: Hashable,
        texts: Mapping[str, str] | Sequence[str],
        language: str | None = None,
        examples: Iterable[str] = (),
    ) -> None:
        """Add a document's texts in one language: a mapping of kind (title, summary, headings, body) to text, or a
        list whose first text is the title. ``examples`` are questions that it answers. Call once per language."""
        named = list(texts.items()) if isinstance(texts, Mapping) else list(_kinds(texts))
        asked = [example for example in examples if example.strip()]
        with self._lock:
            for kind, text in named:
                for section in _sections(text):
                    self._add_unit(Unit(doc_id, language or "", kind, section))
            for example in asked:
                self._add_unit(Unit(doc_id, language or "", "question", example))
            titles = [text for kind, text in named if kind in {"title", "summary"} and text]
            self._examples[doc_id] += asked + titles

    def _add_unit(self, unit: Unit) -> None:
        number = self._bm25.add(_unit_tokens(unit.text, unit.language))
        self._units.append(unit)
        self._weights.append(WEIGHTS.get(unit.kind, OTHER))
        self._of_doc[unit.doc].append(number)

    def remove(self, doc_id: Hashable) -> None:
        """Forget a document in all its languages; one that is not there is no error."""
        with self._lock:
            for number in self._of_doc.pop(doc_id, ()):
                self._bm25.remove(number)
            self._examples.pop(doc_id, None)
            if self._bm25.holes > max(FEWEST_TO_CLEAN, self._bm25.living):
                self._rebuild()

    def _rebuild(self) -> None:
        units = [unit for number, unit in enumerate(self._units) if self._bm25.alive[number]]
        self._bm25, self._units, self._weights = Bm25(), [], []
        self._of_doc.clear()
        for unit in units:
            self._add_unit(unit)

    def train(self) -> None:
        """Train the classifier on all examples. Queries go on meanwhile and use the former one."""
        with self._lock:
            pairs = [(text, doc) for doc, held in self._examples.items() for text in held]
        fresh = Classifier()
        if len({doc for _, doc in pairs}) > 1:
            fresh.train(pairs)
        with self._lock:
            self._classifier = fresh

    def answer(self, query: str, k: int = 5, language: str | None = None) -> list[Hit]:
        """The documents that answer ``query``, best first; texts in ``language`` are preferred, others found too."""
        with self._lock:
            lexical = self._lexical(_query_weights(query, language or ""), language or "")
            opinion = self._opinion(query)
            if not lexical and not opinion:
                return []
            docs = set(lexical) | set(opinion)
            best = max(lexical.values(), default=0.0) or 1.0
            ideal = self._ideal(query, language or "")
        by_words = self._trust_in_words()
        met = set(self._classifier.labels)
        ranked = []
        for doc in docs:
            if doc not in self._of_doc:
                continue
            words_say = lexical.get(doc, 0.0)
            # The classifier has not met a document added since the last training: its words speak for it.
            unknown = min(0.9, words_say / ideal)
            default = (0.0, 0.0) if doc in met else (unknown, unknown)
            probability, similar = opinion.get(doc, default)
            score = by_words * words_say / best + 0.9 * probability + 0.4 * similar
            ranked.append((score, doc, words_say / ideal, probability, similar))
        ranked.sort(key=lambda row: (-row[0], str(row[1])))
        runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
        trained = self._classifier.is_trained
        return [
            Hit(doc, score, confidence(covered, probability, similar, score - (runner_up if i == 0 else ranked[0][0]), trained))
            for i, (score, doc, covered, probability, similar) in enumerate(ranked[:k])
        ]

    def search(self, query: str, k: int = 20, language: str | None = None) -> list[Hit]:
        """The documents that fit what was typed so far: the last word may be unfinished, a letter may be wrong."""
        with self._lock:
            weights = self._typed(query, language or "")
            lexical = self._lexical(weights, language or "")
            ideal = self._ideal(query, language or "")
        ranked = sorted(lexical.items(), key=lambda item: (-item[1], str(item[0])))[:k]
        return [Hit(doc, score, min(1.0, score / ideal)) for doc, score in ranked]

    def did_you_mean(self, query: str) -> str | None:
        """The title or example nearest to a query that fits nothing exactly; None when nothing is near enough."""
        with self._lock:
            scores = self._bm25.scores(self._typed(query, ""))
            if not len(scores):
                return None
            order = np.argsort(-scores)[:40]
            texts = [
                self._units[i].text for i in order if scores[i] > 0 and self._units[i].kind in {"title", "question"}
            ]
        found = process.extractOne(query, texts, scorer=fuzz.ratio, score_cutoff=55)
        return str(found[0]) if found and found[0].casefold() != query.casefold() else None

    def _lexical(self, weights: Mapping[str, float], language: str) -> dict[Hashable, float]:
        """The best text's score per document."""
        if not self._units or not weights:
            return {}
        scores = self._bm25.scores(weights) * np.array(self._weights, np.float32)
        count = min(LOOKED_AT * 8, len(scores))
        top = np.argpartition(-scores, count - 1)[:count]
        found: dict[Hashable, float] = {}
        for number in top[np.argsort(-scores[top])]:
            if scores[number] <= 0:
                break
            unit = self._units[number]
            value = float(scores[number]) * (OWN_LANGUAGE if unit.language == language else 1.0)
            held = found.get(unit.doc)
            if held is None:
                found[unit.doc] = value
            else:
                found[unit.doc] = max(held, value) + 0.02 * min(held, value)
        return dict(sorted(found.items(), key=lambda item: -item[1])[:LOOKED_AT])

    def _opinion(self, query: str) -> dict[Hashable, tuple[float, float]]:
        """What the classifier says: probability and likeness of the nearest example, of the likely documents."""
        if not self._classifier.is_trained:
            return {}
        probabilities, nearest, known = self._classifier.probabilities(query)
        # Sure of what it knows, and knowing half of the question, it is half as sure.
        probabilities = probabilities * np.float32(min(1.0, known * 1.25))
        worth = probabilities + nearest
        count = min(LOOKED_AT, len(worth))
        top = np.argpartition(-worth, count - 1)[:count]
        labels = self._classifier.labels
        return {labels[i]: (float(probabilities[i]), float(nearest[i])) for i in top}

    def _trust_in_words(self) -> float:
        """What the words' opinion counts: the more examples a document has, the better the classifier knows it."""
        mean = sum(len(held) for held in self._examples.values()) / max(1, len(self._examples))
        return 0.6 if mean < 30 else 0.12

    def _ideal(self, query: str, language: str) -> float:
        """The score of a short text that holds all of the query's words once: what the best score is measured by."""
        weights = _query_weights(query, language)
        total = sum(weight * self._bm25.idf(token) for token, weight in weights.items() if not token.startswith("#"))
        return max(total * 1.3, 1e-6)

    def _typed(self, query: str, language: str) -> dict[str, float]:
        """Weights for a query under way: completions of its last word, near words for unknown ones."""
        weights = dict(_query_weights(query, language))
        pieces = raw_words(query)
        if pieces and not CJK.match(pieces[-1]) and not query.endswith(" "):
            for token in self._bm25.completions(pieces[-1]):
                weights.setdefault(token, 0.8 * len(pieces[-1]) / max(len(token), 1))
        for piece in pieces:
            if CJK.match(piece) or len(piece) < 4 or piece in self._bm25.postings:
                continue
            near = self._bm25.completions(piece[:1], most=400)
            for token, _, _ in process.extract(piece, near, scorer=fuzz.ratio, score_cutoff=78, limit=3):
                weights.setdefault(token, 0.7)
        return weights


def _kinds(texts: Sequence[str]) -> Iterable[tuple[str, str]]:
    for position, text in enumerate(texts):
        yield ("title" if position == 0 else "body"), text


def _sections(text: str) -> list[str]:
    """A text as it is, or cut at line ends into pieces of about SECTION characters."""
    if len(text) <= SECTION * 1.5:
        return [text] if text.strip() else []
    parts: list[str] = []
    current = ""
    for line in text.split("\n"):
        if current and len(current) + len(line) > SECTION:
            parts.append(current)
            current = ""
        current += line + "\n"
    return [*parts, current] if current.strip() else parts


def _unit_tokens(text: str, language: str) -> list[str]:
    return words(text, language) + grams(text) + [f"@{name}" for name in concepts.find(text)]


def _query_weights(query: str, language: str) -> dict[str, float]:
    """Tokens of a query with their weights: words and pairs fully, single characters, grams and concepts less or more."""
    weights: dict[str, float] = {}
    for token, count in Counter(words(query, language)).items():
        single = len(token) == 1 and CJK.match(token)
        weights[token] = (0.35 if single else 1.0) * (1 + math.log(count))
    for token in grams(query):
        weights[token] = GRAM_WEIGHT
    for name in concepts.find(query):
        weights[f"@{name}"] = CONCEPT_WEIGHT
    return weights
