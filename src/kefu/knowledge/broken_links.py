"""Links inside published texts that lead nowhere: to articles or topics that do not exist or are not published."""

import re
from dataclasses import dataclass

from kefu.knowledge.links import PAGES
from kefu.knowledge.models import Article, Translation
from kefu.topics.models import Topic

LINK = re.compile(r"\]\(<?(article|topic|page):([\w-]+)>?\)")


@dataclass(frozen=True)
class Broken:
    """A link as it is written, and the text that holds it."""

    text: Translation
    link: str


def broken_links() -> list[Broken]:
    """All of them; links to other sites are not followed."""
    published = Translation.objects.filter(state=Translation.State.PUBLISHED).select_related("article")
    known = {
        "article": set(Article.objects.filter(translations__state=Translation.State.PUBLISHED).values_list("slug", flat=True)),
        "topic": set(Topic.objects.values_list("slug", flat=True)),
        "page": set(PAGES),
    }
    found = []
    for text in published.order_by("article__slug", "language"):
        found += [Broken(text, f"{kind}:{name}") for kind, name in LINK.findall(text.body) if name not in known[kind]]
        if text.article.kind == Article.Kind.PATH:
            found += [Broken(text, f"article:{slug}") for slug in text.article.chapters if slug not in known["article"]]
    return found
