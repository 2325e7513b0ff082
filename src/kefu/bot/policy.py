"""The bot's thresholds, in one place: when it answers, asks back, or fetches a person."""

ANSWER = 0.6  # calibrated confidence from which an article is given as the answer
CLARIFY = 0.35  # from here on, two close topics are worth one question
CLOSE = 0.2  # two confidences nearer than this are "close"
ON_TOPIC = 0.2  # under this the question is not about what we know
FAILURES = 2  # failed answers after which a person is fetched
CHOICES = 3  # articles offered in a clarifying question
