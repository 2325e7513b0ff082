"""What the public pages show of the knowledge: topics with their articles, from the shelf in memory."""

from collections import defaultdict
from dataclasses import dataclass, field

from kefu.knowledge.shelf import Entry, shelf
from kefu.system.prepared import Values
from kefu.topics.models import Topic
from kefu.topics.names import texts

_topics = Values(lambda: Topic.objects.values_list("pk", "slug", "parent__slug", "icon"))  # in their own order


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
    said = texts(language)
    for pk, slug, parent, icon in _topics.all():
        name, summary = said.get(pk, ("", ""))
        found[slug] = Section(slug, name or slug, summary, icon, parent or "")
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
