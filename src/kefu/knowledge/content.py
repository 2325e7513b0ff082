"""Importing a folder of content: articles, announcements and terms. Running it twice changes nothing twice."""

import tomllib
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from kefu.knowledge.front_matter import BadFile, ContentFile, read
from kefu.knowledge.links import resolve
from kefu.knowledge.models import Announcement, AnnouncementText, Article, ErrorCode, Term, Translation
from kefu.knowledge.publish import TEXT, bump, publish
from kefu.people.models import Team
from kefu.text.markup import render
from kefu.topics.models import Topic


def import_articles(folder: Path, *, overwrite: bool = False) -> int:
    """Publish every ``articles/<topic>/<slug>.<language>.md``; returns how many texts were new or changed.

    A text that was edited in the interface is left alone unless ``overwrite``. Raises BadFile for a file that
    cannot be read or names a topic that does not exist; nothing is imported then.
    """
    files = [read(path) for path in sorted((folder / "articles").glob("*/*.md"))]
    with transaction.atomic():
        changed = sum(_import_article(file, overwrite) for file in files)
        _relate(files)
    return changed


def _import_article(file: ContentFile, overwrite: bool) -> bool:
    topic = _topic(file.meta.get("subtopic") or file.folder, file)
    article, _ = Article.objects.update_or_create(
        slug=file.slug,
        defaults={
            "topic": topic,
            "kind": file.need("kind"),
            "owner": Team.objects.filter(slug=file.meta.get("owner", "")).first(),
            "reviewed": file.meta.get("reviewed"),
            "review_by": file.meta.get("review_by"),
            "chapters": list(file.meta.get("chapters", [])),
        },
    )
    text: dict[str, Any] = {
        "title": file.need("title"),
        "summary": file.need("summary"),
        "questions": list(file.need("questions")),
        "body": file.body,
    }
    translation, created = Translation.objects.get_or_create(article=article, language=file.language, defaults=text)
    edited = translation.revisions.exclude(author=None).exists()
    same = all(getattr(translation, name) == text[name] for name in TEXT)
    if not created and (same or (edited and not overwrite)):
        return False
    publish(translation, text)
    return True


def _topic(slug: str, file: ContentFile) -> Topic:
    if topic := Topic.objects.filter(slug=slug).first():
        return topic
    raise BadFile(f"{file.path}: there is no topic {slug!r}; topics.toml lists them.")


def _relate(files: Iterable[ContentFile]) -> None:
    by_slug = {article.slug: article for article in Article.objects.all()}
    wanted = {file.slug: file.meta.get("related", []) for file in files}
    for slug, related in wanted.items():
        by_slug[slug].related.set([by_slug[name] for name in related if name in by_slug and name != slug])


def import_announcements(folder: Path) -> int:
    """Store every ``announcements/<date>-<slug>.<language>.md``; returns how many texts there are."""
    files = [read(path) for path in sorted((folder / "announcements").glob("*.md"))]
    with transaction.atomic():
        for file in files:
            announcement, _ = Announcement.objects.update_or_create(
                slug=file.slug[11:],
                defaults={
                    "kind": file.need("kind"),
                    "published": file.need("published"),
                    "expires": file.meta.get("expires"),
                    "pinned": file.meta.get("pinned", False),
                },
            )
            AnnouncementText.objects.update_or_create(
                announcement=announcement,
                language=file.language,
                defaults={
                    "title": file.need("title"),
                    "summary": file.meta.get("summary", ""),
                    "body": file.body,
                    "html": render(file.body, resolve=partial(resolve, language=file.language)),
                },
            )
    return len(files)


def import_terms(folder: Path) -> int:
    """Store the glossary of ``terms.toml``; returns how many terms there are in all languages."""
    path = folder / "terms.toml"
    if not path.exists():
        return 0
    count = 0
    with transaction.atomic():
        for term in tomllib.loads(path.read_text(encoding="utf-8")).get("term", []):
            article = Article.objects.filter(slug=term.get("article", "")).first()
            for language, name in term["name"].items():
                Term.objects.update_or_create(
                    slug=term["slug"],
                    language=language,
                    defaults={
                        "name": name,
                        "also": term.get("also", {}).get(language, []),
                        "definition": term["definition"][language],
                        "article": article,
                    },
                )
                count += 1
        bump()
    return count


def import_error_codes(folder: Path) -> int:
    """Store those of ``errors.toml`` that are not there yet; returns how many are new."""
    path = folder / "errors.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("error", []) if path.exists() else []
    known = set(ErrorCode.objects.values_list("code", flat=True))
    fresh = [entry for entry in entries if entry["code"] not in known]
    for entry in fresh:
        ErrorCode.objects.create(
            code=entry["code"],
            http=entry.get("http"),
            names=entry["name"],
            causes=entry["cause"],
            fixes=entry["fix"],
            article=Article.objects.filter(slug=entry.get("article", "")).first(),
        )
    return len(fresh)
