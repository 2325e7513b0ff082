"""The published articles of this process, in memory and in step with the database by a version number."""

import threading
import time
from dataclasses import dataclass

from kefu.knowledge.models import IndexVersion, Translation
from kefu.text.markup import outline, plain
from kefu.text.retrieval import Index
from kefu.text.same_words import words_key

LOOK_EVERY = 0.5  # seconds between two looks at the version number


@dataclass(frozen=True)
class Entry:
    """One published text: what an answer or a search result shows of it."""

    article: int
    slug: str
    language: str
    topic: str
    kind: str
    title: str
    summary: str
    body: str
    updated: str


class Shelf:
    """Readers never wait: a changed article is swapped in while they read the old one."""

    def __init__(self) -> None:
        self.index = Index()
        self.entries: dict[tuple[int, str], Entry] = {}
        self.exact: dict[str, int] = {}
        self.version = -1
        self._stamps: dict[int, dict[str, str]] = {}
        self._looked = 0.0
        self._turn = threading.Lock()

    def fresh(self) -> "Shelf":
        """This shelf, in step with the database as of half a second ago at most."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            self.look()
        return self

    def expire(self) -> None:
        """Something changed in this process: look at the next question, not half a second later."""
        self._looked = 0.0

    def look(self) -> None:
        """Compare the version now and learn what changed."""
        number = IndexVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        if number != self.version:
            with self._turn:
                if number != self.version:
                    self._learn()
                    self.version = number
        self._looked = time.monotonic()

    def _learn(self) -> None:
        published = Translation.objects.filter(state=Translation.State.PUBLISHED)
        stamps: dict[int, dict[str, str]] = {}
        for article, language, updated in published.values_list("article_id", "language", "updated"):
            stamps.setdefault(article, {})[language] = updated.isoformat()
        changed = [article for article in stamps if stamps[article] != self._stamps.get(article)]
        for article in set(self._stamps) - set(stamps):
            self._drop(article)
        rows = published.filter(article__in=changed).select_related("article__topic").order_by("article_id")
        known = set(self._stamps)
        for article in known & set(changed):
            self._drop(article)
        for translation in rows:
            self._add(translation)
        self._stamps = stamps
        if changed or len(known) != len(stamps):
            self.index.train()

    def _drop(self, article: int) -> None:
        self.index.remove(str(article))
        self.exact = {key: pk for key, pk in self.exact.items() if pk != article}
        for key in [key for key in self.entries if key[0] == article]:
            del self.entries[key]

    def _add(self, t: Translation) -> None:
        self.index.add(
            str(t.article_id),
            {
                "title": t.title,
                "summary": t.summary,
                "headings": "\n".join(heading.text for heading in outline(t.body)),
                "body": plain(t.body),
            },
            language=t.language,
            examples=tuple(t.questions),
        )
        for question in (t.title, *t.questions):
            if key := words_key(question):
                self.exact.setdefault(key, t.article_id)
        self.entries[t.article_id, t.language] = Entry(
            article=t.article_id,
            slug=t.article.slug,
            language=t.language,
            topic=t.article.topic.slug,
            kind=t.article.kind,
            title=t.title,
            summary=t.summary,
            body=t.body,
            updated=t.updated.date().isoformat(),
        )

    def entry(self, article: str, language: str) -> Entry | None:
        """The text in ``language``, else in English, else in any language; None when it is gone."""
        pk = int(article)
        for wanted in (language, "en", "zh-hans"):
            if found := self.entries.get((pk, wanted)):
                return found
        return next((entry for (key, _), entry in list(self.entries.items()) if key == pk), None)


shelf = Shelf()
