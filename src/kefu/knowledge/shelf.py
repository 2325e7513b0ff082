"""The published articles of this process, in memory and in step with the database by a version number."""

import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kefu.knowledge.models import IndexVersion, Translation
from kefu.system.prepared import Values
from kefu.text.markup import outline, plain
from kefu.text.same_words import words_key

if TYPE_CHECKING:
    from kefu.text.retrieval import Index

_number = Values(lambda pk: IndexVersion.objects.filter(pk=pk).values_list("number"), IndexVersion._meta.get_field("id"))
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
    questions: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The body without its Markdown."""
        return plain(self.body)


class Shelf:
    """Readers never wait: a changed article is swapped in while they read the old one.

    ``entries`` are known at once (``listed``); the index takes longer to learn them (``fresh``), and only who searches waits.
    """

    def __init__(self) -> None:
        self._index: Index | None = None
        self.entries: dict[tuple[int, str], Entry] = {}
        self.exact: dict[str, int] = {}
        self.version = self.listed_version = -1
        self._stamps: dict[int, dict[str, str]] = {}
        self._unlearned: dict[int, list[Translation]] = {}
        self._looked = self._listed = 0.0
        self._turn, self._listing, self._training = threading.Lock(), threading.Lock(), threading.Lock()

    @property
    def index(self) -> "Index":
        """Made when the first article is learned or searched for; pages that only list articles do without."""
        if self._index is None:
            from kefu.text.retrieval import Index

            self._index = Index()
        return self._index

    def fresh(self) -> "Shelf":
        """This shelf and its index, in step with the database as of half a second ago at most."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            self.look()
        return self

    def listed(self) -> "Shelf":
        """The same, but what was published just now may not be in the index yet."""
        if time.monotonic() - self._listed > LOOK_EVERY:
            self._list()
        return self

    def expire(self) -> None:
        """Something changed in this process: look at the next question, not half a second later."""
        self._looked = self._listed = 0.0

    def look(self) -> None:
        """Compare the version now and learn what changed."""
        number = self._list()
        if number != self.version:
            with self._turn:
                if number != self.version:
                    self._learn()
                    self.version = number
        self._looked = time.monotonic()

    def _list(self) -> int:
        """Take in the texts of what changed; returns the version that is listed now."""
        found = _number.first(1)
        number = found[0] if found else 0
        if number != self.listed_version:
            with self._listing:
                if number != self.listed_version:
                    self._read()
                    self.listed_version = number
        self._listed = time.monotonic()
        return number

    def _read(self) -> None:
        published = Translation.objects.filter(state=Translation.State.PUBLISHED)
        stamps: dict[int, dict[str, str]] = {}
        for article, language, updated in published.values_list("article_id", "language", "updated"):
            stamps.setdefault(article, {})[language] = updated.isoformat()
        changed = [article for article in stamps if stamps[article] != self._stamps.get(article)]
        found: dict[int, list[Translation]] = {article: [] for article in set(self._stamps) - set(stamps)}
        for translation in published.filter(article__in=changed).select_related("article__topic").order_by("article_id"):
            found.setdefault(translation.article_id, []).append(translation)
        for article, translations in found.items():
            self._replace(article, translations)
        self._unlearned |= found
        self._stamps = stamps

    def _replace(self, article: int, translations: list[Translation]) -> None:
        if article in self._stamps:
            self.exact = {key: pk for key, pk in self.exact.items() if pk != article}
        entries = {(article, t.language): _entry(t) for t in translations}
        for key in [key for key in self.entries if key[0] == article and key not in entries]:
            del self.entries[key]
        self.entries.update(entries)
        for question in (words for t in translations for words in (t.title, *t.questions)):
            if said := words_key(question):
                self.exact.setdefault(said, article)

    def _learn(self) -> None:
        learned = False
        while self._unlearned:
            article, translations = self._unlearned.popitem()
            self.index.remove(str(article))
            for t in translations:
                self.index.add(str(article), _texts(t), language=t.language, examples=tuple(t.questions))
            learned = True
        if learned and self.version < 0:
            self.index.train()  # the first answer of a process shall be as good as the second
        elif learned:
            threading.Thread(target=self._train, name="train", daemon=True).start()

    def _train(self) -> None:
        """Beside the requests: what changed is found meanwhile by how like it is, so nobody has to wait for it."""
        with self._training:
            self.index.train()

    def entry(self, article: str, language: str) -> Entry | None:
        """The text in ``language``, else in English, else in any language; None when it is gone."""
        pk = int(article)
        for wanted in (language, "en", "zh-hans"):
            if found := self.entries.get((pk, wanted)):
                return found
        return next((entry for (key, _), entry in list(self.entries.items()) if key == pk), None)


def _texts(t: Translation) -> dict[str, str]:
    headings = "\n".join(heading.text for heading in outline(t.body))
    return {"title": t.title, "summary": t.summary, "headings": headings, "body": plain(t.body)}


def _entry(t: Translation) -> Entry:
    return Entry(
        article=t.article_id,
        slug=t.article.slug,
        language=t.language,
        topic=t.article.topic.slug,
        kind=t.article.kind,
        title=t.title,
        summary=t.summary,
        body=t.body,
        updated=t.updated.date().isoformat(),
        questions=tuple(t.questions),
    )


shelf = Shelf()
