"""How sure an answer is, as a probability: fitted once on questions inside and outside of what an index knows."""

import math
from dataclasses import dataclass

NEAREST_COUNTS, MIDDLE_COUNTS, NOTHING_ALIKE = 0.35, 2.06, -1.11  # a margin guessed from likeness, by least squares
FEW, MANY = 20, 60  # examples a document: below, the weights of CONTENT hold, above, those of TAUGHT


@dataclass(frozen=True)
class Evidence:
    """What speaks for one document: the shares of the question in the whole of it and in its best passage, the likeness
    of its nearest example (0 to 1), the classifier's margin (about -1 to 1)."""

    whole: float = 0.0
    passage: float = 0.0
    nearest: float = 0.0
    margin: float = -1.0

    @property
    def score(self) -> float:
        """What orders the documents: weights of a conditional logit over the documents of many questions."""
        return 11.7 * self.whole + 19.2 * self.passage + 1.6 * self.nearest + 4.0 * self.margin


@dataclass(frozen=True)
class Weights:
    """A logistic curve. ``alike`` weighs an example that is nearly the question itself, ``known`` the share of its features
    that the examples have, ``named`` each notion of customers that it names, up to three."""

    base: float
    whole: float = 0.0
    passage: float = 0.0
    alike: float = 0.0
    margin: float = 0.0
    lead: float = 0.0
    known: float = 0.0
    named: float = 0.0


# Fitted on articles (each question left out in turn, in the other language, of articles taken out, small talk), and
# on sets of intents with many examples each and questions outside of them.
CONTENT = Weights(-2.30, passage=4.6, alike=0.76, margin=0.84, lead=0.61, named=0.42)
TAUGHT = Weights(-5.67, whole=5.61, margin=2.72, lead=0.52, known=2.46)
MOST_NAMED = 3
ALIKE_FROM = 0.6  # an example less like the question than this says no more than the margin does
MOST_LEAD = 3.0


def guessed_margin(nearest: float, middle: float) -> float:
    """The margin that a classifier would give to a document that it has not met, by the likeness of its examples."""
    return min(0.8, max(-1.0, NEAREST_COUNTS * nearest + MIDDLE_COUNTS * middle + NOTHING_ALIKE)) if nearest else -1.0


def confidence(evidence: Evidence, lead: float, known: float, named: int, examples: float) -> float:
    """The chance (0 to 1) that a document answers the question.

    ``lead`` is its score less that of the best other one, ``known`` the share of the question's features that examples
    have, ``named`` the number of notions in it, ``examples`` the mean number of examples of a document.
    """
    taught = min(1.0, max(0.0, (examples - FEW) / (MANY - FEW)))
    total = 0.0
    for share, w in ((1 - taught, CONTENT), (taught, TAUGHT)):
        total += share * (
            w.base
            + w.whole * evidence.whole
            + w.passage * evidence.passage
            + w.alike * max(0.0, evidence.nearest - ALIKE_FROM) / (1 - ALIKE_FROM)
            + w.margin * evidence.margin
            + w.lead * min(MOST_LEAD, max(-MOST_LEAD, lead))
            + w.known * known
            + w.named * min(MOST_NAMED, named)
        )
    return 1 / (1 + math.exp(-total))
