"""An article's way to its readers: draft, published, restored; every published text is kept as a revision."""

from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.timezone import now

from kefu.knowledge.links import resolve
from kefu.knowledge.models import Article, IndexVersion, Revision, Translation
from kefu.knowledge.shelf import shelf
from kefu.people.models import User
from kefu.system import live
from kefu.text.markup import render

TEXT = ("title", "summary", "body", "questions")


def save_draft(translation: Translation, text: dict[str, Any]) -> Translation:
    """Keep an editor's work without showing it to readers; ``text`` has title, summary, body and questions."""
    translation.draft = {name: text[name] for name in TEXT}
    translation.updated = now()
    translation.save(update_fields=["draft", "updated"])
    return translation


def publish(translation: Translation, text: dict[str, Any] | None = None, *, by: User | None = None) -> Revision:
    """Show ``text`` (or the draft, or what is there) to readers, and tell every process to learn it.

    The translations of the same article that are older than this change of the text are marked as outdated.
    """
    with transaction.atomic():
        t = Translation.objects.select_for_update().select_related("article").get(pk=translation.pk)
        chosen = text or t.draft or {name: getattr(t, name) for name in TEXT}
        changed = t.state == t.State.PUBLISHED and any(chosen[name] != getattr(t, name) for name in TEXT[:3])
        for name in TEXT:
            setattr(t, name, chosen[name])
        t.html = render(t.body, resolve=lambda href: resolve(href, t.language))
        t.state, t.draft, t.outdated, t.updated = t.State.PUBLISHED, None, False, now()
        t.published_at = t.published_at or t.updated
        t.publish_at = t.asked_for_review = None
        t.save()
        if changed:
            t.article.translations.exclude(pk=t.pk).update(outdated=True)
        last = t.revisions.aggregate(last=Max("number"))["last"] or 0
        revision = t.revisions.create(number=last + 1, author=by, **chosen)
        bump()
    return revision


def withdraw(translation: Translation) -> None:
    """Take a text away from readers; it stays with its revisions and may be published again."""
    with transaction.atomic():
        Translation.objects.filter(pk=translation.pk).update(state=Translation.State.ARCHIVED, updated=now())
        bump()


def restore(revision: Revision) -> Translation:
    """Put an old revision into the draft, so that an editor looks at it before publishing."""
    return save_draft(revision.translation, {name: getattr(revision, name) for name in TEXT})


def bump() -> int:
    """Another state of the help centre: processes that hold an older number read what changed. In a transaction."""
    IndexVersion.objects.get_or_create(pk=1)
    IndexVersion.objects.filter(pk=1).update(number=F("number") + 1)
    number = IndexVersion.objects.values_list("number", flat=True).get(pk=1)
    transaction.on_commit(shelf.expire)
    transaction.on_commit(lambda: live.whisper("knowledge", "version", {"number": number}))
    return number


def delete_article(article: Article) -> None:
    """Remove an article with everything that belongs to it."""
    with transaction.atomic():
        article.delete()
        bump()
