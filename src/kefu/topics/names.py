"""The names of all topics at once, for lists that show many."""

from kefu.system.prepared import Values
from kefu.topics.models import TopicTranslation

_texts = Values(lambda: TopicTranslation.objects.order_by("pk").values_list("topic_id", "language", "name", "summary"))


def names(language: str) -> dict[int, str]:
    """Each topic's key and its name in ``language``; English where it has none, else any."""
    return {topic: name for topic, (name, _summary) in texts(language).items()}


def texts(language: str) -> dict[int, tuple[str, str]]:
    """The same with what each is about, which is chosen for itself: a name that is translated may come without."""
    named: dict[int, dict[str, str]] = {}
    about: dict[int, dict[str, str]] = {}
    for topic, spoken, name, summary in _texts.all():
        named.setdefault(topic, {})[spoken] = name
        about.setdefault(topic, {})[spoken] = summary
    return {topic: (_nearest(named[topic], language), _nearest(about[topic], language)) for topic in named}


def _nearest(words: dict[str, str], language: str) -> str:
    return words.get(language) or words.get("en") or next(iter(words.values()))
