"""How sure an answer is, as a probability: fitted once on questions inside and outside of what an index knows."""

import math
from dataclasses import dataclass

NEAREST_COUNTS, MIDDLE_COUNTS, NOTHING_ALIKE = 0.35, 2.06, -1.11  # a margin guessed from likeness, by least squares
FEW, MANY = 30, 80  # examples a document has in a language: below, the weights of CONTENT hold, above, those of TAUGHT


@dataclass(frozen=True)
class Evidence:
    """What speaks for one document: the shares of the question in the whole of it and in its best passage, the likeness
    of its nearest example (0 to 1), the classifier's margin (about -1 to 1), how much likelier its notions are from this
    document than from others (about -1 to 4), how alike they are to those of its title (0 to 1)."""

    whole: float = 0.0
    passage: float = 0.0
    nearest: float = 0.0
    margin: float = -1.0
    about: float = 0.0
    titled: float = 0.0

    def score(self, taught: float) -> float:
        """What orders the documents: weights of a conditional logit over the documents of many questions, of articles and
        of intents that are ``taught`` (0 to 1) by very many examples."""
        content = 4.5 * self.whole + 8.0 * self.passage + 2.5 * self.margin + 0.7 * self.about + 0.4 * self.titled
        return (1 - taught) * content + taught * (11.7 * self.whole + 1.6 * self.nearest + 4.0 * self.margin)


@dataclass(frozen=True)
class Weights:
    """A logistic curve. ``known`` weighs the share of the question's features that the examples have."""

    base: float
    whole: float = 0.0
    passage: float = 0.0
    margin: float = 0.0
    lead: float = 0.0
    known: float = 0.0
    about: float = 0.0


# Fitted on articles (each question left out in turn, in the other language, of articles taken out, everyday talk), and
# on sets of intents with many examples each and questions outside of them.
CONTENT = Weights(-2.6, passage=3.1, margin=2.08, lead=0.4, about=0.4)
TAUGHT = Weights(-5.67, whole=5.61, margin=2.72, lead=0.52, known=2.46)
MOST_LEAD = 3.0


def guessed_margin(nearest: float, middle: float) -> float:
    """The margin that a classifier would give to a document that it has not met, by the likeness of its examples."""
    return min(0.8, max(-1.0, NEAREST_COUNTS * nearest + MIDDLE_COUNTS * middle + NOTHING_ALIKE)) if nearest else -1.0


def taught(examples: float) -> float:
    """How far an index is one of intents with many examples each (1) and not one of articles with a few (0)."""
    return min(1.0, max(0.0, (examples - FEW) / (MANY - FEW)))


def confidence(evidence: Evidence, lead: float, known: float, examples: float) -> float:
    """The chance (0 to 1) that a document answers the question.

    ``lead`` is its score less that of the best other one, ``known`` the share of the question's features that examples
    have, ``examples`` the mean number of examples that a document has in a language.
    """
    total, much = 0.0, taught(examples)
    for share, w in ((1 - much, CONTENT), (much, TAUGHT)):
        total += share * (
            w.base
            + w.whole * evidence.whole
            + w.passage * evidence.passage
            + w.margin * evidence.margin
            + w.lead * min(MOST_LEAD, max(-MOST_LEAD, lead))
            + w.known * known
            + w.about * evidence.about
        )
    return 1 / (1 + math.exp(-total))
