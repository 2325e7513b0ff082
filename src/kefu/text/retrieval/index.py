"""The index: texts of documents in several languages, answered by words, examples and concepts together."""

import threading
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kefu.text.retrieval import typeahead, wording
from kefu.text.retrieval.classifier import Classifier, Opinion
from kefu.text.retrieval.confidence import Evidence, confidence, guessed_margin, taught
from kefu.text.retrieval.examples import Group
from kefu.text.retrieval.lexical import Fit, Lexical
from kefu.text.retrieval.notions import Notions
from kefu.text.retrieval.typeahead import Typeahead
from kefu.text.retrieval.vectors import Vocabulary
from kefu.text.tokens import CJK, raw_words

FEW_CHANGES = 0.05  # of the documents: as long as fewer changed, ``train`` has nothing to do
SUGGESTED_FROM = 40  # documents whose titles and questions a suggestion is chosen from
SAID_SHORT = {"title", "summary", "headings"}  # kinds whose lines stand for questions beside the examples
LONGEST = 2000  # characters of a query; the rest of a longer one is not read


@dataclass(frozen=True)
class Hit:
    """A document that fits: ``score`` orders, ``confidence`` (0 to 1) says how likely it answers the question."""

    doc_id: Hashable
    score: float
    confidence: float


@dataclass
class Held:
    """What is kept of a document besides its rows: its examples, texts to suggest, words to forget."""

    groups: list[Group] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    met: list[list[str]] = field(default_factory=list)


class Index:
    """Adding and removing are seen by the next query, in milliseconds and without training.

    ``train`` teaches the classifier; a document that it has not met is judged by how like the question is to its
    examples. Safe for many threads: queries and changes take turns, and a training holds nobody up.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._lexical = Lexical()
        self._notions = Notions()
        self._typeahead = Typeahead()
        self._vocabulary = Vocabulary()
        self._classifier = Classifier(self._vocabulary)
        self._held: dict[Hashable, Held] = {}
        self._examples = 0
        self._groups = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(
        self,
        doc_id: Hashable,
        texts: Mapping[str, str] | Sequence[str],
        language: str | None = None,
        examples: Iterable[str] = (),
    ) -> None:
        """Add a document's texts in one language: a mapping of kind (title, summary, headings, body) to text, or a
        list whose first of several texts is the title. ``examples`` are questions that it answers. Call once per
        language; what was added before stays until ``remove``."""
        written = language or ""
        named = [(kind, text) for kind, text in wording.kinds(texts) if text.strip()]
        asked = [example for example in examples if example.strip()]
        likely = asked + [line for kind, text in named if kind in SAID_SHORT for line in text.split("\n") if line.strip()]
        with self._lock:
            held = self._held.setdefault(doc_id, Held())
            everything = [*named, *(("question", example) for example in asked)]
            self._lexical.add(doc_id, everything, written)
            self._notions.add(doc_id, everything)
            held.met.append(self._typeahead.learn([text for _, text in named] + asked, written))
            held.names += [text for kind, text in named if kind == "title"] + asked
            if likely:
                group = Group(doc_id, [self._vocabulary.learn(text) for text in likely])
                held.groups.append(group)
                self._classifier.add(group)
                self._examples += len(likely)
                self._groups += 1

    def remove(self, doc_id: Hashable) -> None:
        """Forget a document in all its languages; one that is not there is no error."""
        with self._lock:
            held = self._held.pop(doc_id, None)
            if held is None:
                return
            self._lexical.remove(doc_id)
            self._notions.remove(doc_id)
            for met in held.met:
                self._typeahead.forget(met)
            for group in held.groups:
                group.alive = False
                self._examples -= len(group.bags)
                self._groups -= 1
            self._classifier.forget(doc_id)

    def train(self) -> None:
        """Teach the classifier all examples, unless fewer than one document in twenty has changed since the last time.

        Queries go on meanwhile with the former one. Takes about a second for 10,000 examples.
        """
        with self._lock:
            if self._classifier.changes <= FEW_CHANGES * len(self._held):
                return
            groups = [group for held in self._held.values() for group in held.groups]
        fresh = Classifier(self._vocabulary, groups)
        met = {id(group) for group in groups}
        with self._lock:
            for group in groups:
                if not group.alive:
                    fresh.forget(group.doc)
            for held in self._held.values():
                for group in held.groups:
                    if id(group) not in met:
                        fresh.add(group)
            self._classifier = fresh

    def answer(self, query: str, k: int = 5, language: str | None = None) -> list[Hit]:
        """The documents that answer ``query``, best first; texts in ``language`` are preferred, others found too."""
        query, asked_in = query[:LONGEST], language or ""
        with self._lock:
            query = self._typeahead.mended(query, self._lexical.known)
            found, known = self._weighed(query, asked_in)
            examples = self._examples / max(1, self._groups)
        much = taught(examples)
        ranked = sorted(((e.score(much), doc, e) for doc, e in found.items()), key=lambda item: (-item[0], str(item[1])))
        best = ranked[0][0] if ranked else 0.0
        second = ranked[1][0] if len(ranked) > 1 else Evidence().score(much)
        return [
            Hit(doc, score, confidence(e, score - (best if place else second), known, examples))
            for place, (score, doc, e) in enumerate(ranked[:k])
        ]

    def _weighed(self, query: str, asked_in: str) -> tuple[dict[Hashable, Evidence], float]:
        """What speaks for each document that comes into question; and the share of the query that the examples know."""
        fits = self._lexical.fits(query, asked_in)
        opinions, known = self._classifier.opinions(query)
        about = self._notions.fits(query)
        named = frozenset(wording.notions(query))
        found = {}
        for doc in fits.keys() | opinions.keys() | about.keys():
            if doc in self._held:
                fit, opinion = fits.get(doc, Fit(0.0, 0.0)), opinions.get(doc)
                heard = _heard(opinion) if opinion else (0.0, -1.0)
                found[doc] = Evidence(fit.whole, fit.passage, *heard, about.get(doc, 0.0), self._notions.titled(doc, named))
        return found, known

    def mended(self, question: str) -> str:
        """The question as it is understood: misspelt words put right."""
        with self._lock:
            return self._typeahead.mended(question[:LONGEST], self._lexical.known)

    def search(self, query: str, k: int = 20, language: str | None = None) -> list[Hit]:
        """The documents that fit what was typed so far: the last word may be unfinished, a letter may be wrong."""
        query, asked_in = query[:LONGEST], language or ""
        with self._lock:
            weights = self._typeahead.weights(query, asked_in, self._lexical.known)
            ranked = self._lexical.ranked(weights, asked_in, k)
        return [Hit(doc, score, min(1.0, 2 * score)) for doc, score in ranked]

    def did_you_mean(self, query: str) -> str | None:
        """A likelier spelling of the query, or the title or question most like it; None for one whose words are all
        known, and when nothing is near enough."""
        query = query[:LONGEST].strip()
        with self._lock:
            if all(self._knows(piece) for piece in raw_words(query)):
                return None
            meant = self._typeahead.corrected(query, self._lexical.known)
            if meant != query:
                return meant
            names = [name for hit in self.search(query, SUGGESTED_FROM) for name in self._held[hit.doc_id].names]
        return typeahead.nearest(query, names)

    def _knows(self, piece: str) -> bool:
        if not CJK.match(piece):
            return self._typeahead.knows(piece)
        return all(self._lexical.known(piece[i : i + 2]) for i in range(max(1, len(piece) - 1)))


def _heard(opinion: Opinion) -> tuple[float, float]:
    """The likeness of the nearest example, and the classifier's margin or a guess of it."""
    margin = opinion.margin
    if margin is None:
        margin = guessed_margin(opinion.nearest, opinion.middle)
    return opinion.nearest, max(-1.2, margin)
