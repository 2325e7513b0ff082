"""The bot's thresholds, in one place: when it answers, asks back, or fetches a person."""

from kefu.knowledge.search import WORTH_SHOWING

ANSWER = 0.6  # calibrated confidence from which an article is given as the answer
UNSURE = 0.35  # under this, a search asks whether something else was meant
CLOSE = 0.3  # share of the best one's confidence from which another article may be meant too
FAINT = WORTH_SHOWING  # under this an article is not worth offering
ON_TOPIC = 0.2  # from here on it is worth one question back; under this the question is not about what we know ...
NOTIONS = 2  # ... unless it names so many notions of our customers
FAILURES = 2  # failed answers after which a person is fetched
CHOICES = 3  # articles offered in a clarifying question
TOPIC = 0.4  # confidence of all articles of a topic together from which a talk is taken to be about it: right in 19 of 20
MOST_PARTS = 6  # parts of a message about several things that are looked at
