"""The names of all topics at once, for lists that show many."""

from kefu.topics.models import TopicTranslation


def names(language: str) -> dict[int, str]:
    """Each topic's key and its name in ``language``; English where it has none, else any."""
    found: dict[int, dict[str, str]] = {}
    for topic, spoken, name in TopicTranslation.objects.order_by("pk").values_list("topic_id", "language", "name"):
        found.setdefault(topic, {})[spoken] = name
    return {topic: texts.get(language) or texts.get("en") or next(iter(texts.values())) for topic, texts in found.items()}
