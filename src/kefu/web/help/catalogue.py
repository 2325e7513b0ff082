"""What the public pages show of the knowledge: topics with their articles, from the shelf in memory."""

from collections import defaultdict
from dataclasses import dataclass, field

from kefu.knowledge.shelf import Entry, shelf
from kefu.topics.models import Topic


@dataclass
class Section:
    """A topic with its articles in one language (or the nearest), and its children's."""

    slug: str
    name: str
    summary: str
    icon: str
    parent: str
    entries: list[Entry] = field(default_factory=list)
    children: "list[Section]" = field(default_factory=list)

    @property
    def all_entries(self) -> list[Entry]:
        return self.entries + [entry for child in self.children for entry in child.all_entries]


def sections(language: str) -> dict[str, Section]:
    """All topics by slug; two queries, whatever there is."""
    found: dict[str, Section] = {}
    topics = {topic.pk: topic for topic in Topic.objects.prefetch_related("translations")}
    for topic in topics.values():
        parent = topics[topic.parent_id].slug if topic.parent_id in topics else ""
        found[topic.slug] = Section(topic.slug, topic.label(language), topic.about(language), topic.icon, parent)
    for section in found.values():
        if section.parent in found:
            found[section.parent].children.append(section)
    for slug, entries in _by_topic(language).items():
        if slug in found:
            found[slug].entries = entries
    return found


def _by_topic(language: str) -> dict[str, list[Entry]]:
    current = shelf.listed()
    by_topic: dict[str, list[Entry]] = defaultdict(list)
    articles = {pk for pk, _ in list(current.entries)}
    for pk in sorted(articles):
        if entry := current.entry(str(pk), language):
            by_topic[entry.topic].append(entry)
    return by_topic
