"""How sure an answer is, as a probability: fitted once on questions inside and outside of what an index knows."""

import math

# A logistic curve over: share of the query's words that the document holds, the classifier's probability, likeness of
# the nearest example, and the lead over the next document.
TRAINED = (-4.3, 1.6, 3.6, 5.0, 1.0)
UNTRAINED = (-3.6, 6.2, 0.0, 0.0, 1.2)


def confidence(covered: float, probability: float, similar: float, lead: float, trained: bool) -> float:
    """The chance (0 to 1) that this document answers the question. ``lead`` is negative for all but the first."""
    base, by_words, by_class, by_example, by_lead = TRAINED if trained else UNTRAINED
    total = base + by_words * min(covered, 1.2) + by_class * probability + by_example * similar + by_lead * lead
    return 1 / (1 + math.exp(-total))
