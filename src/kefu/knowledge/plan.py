"""An article's text on its way: asked to be looked at by a second person, planned for a moment, published when it comes."""

from datetime import datetime

from django.utils.timezone import now

from kefu.knowledge.models import Translation
from kefu.knowledge.publish import publish
from kefu.people.models import User


class NotNow(Exception):
    """A moment that has passed."""


def ask_for_review(text: Translation) -> None:
    """The draft waits for somebody who may publish it."""
    text.asked_for_review = now()
    if text.state == Translation.State.DRAFT:
        text.state = Translation.State.REVIEW
    text.save(update_fields=["asked_for_review", "state"])


def plan(text: Translation, at: datetime, *, by: User) -> None:
    """Publish the draft at a moment to come. Raises NotNow for one that has passed."""
    if at <= now():
        raise NotNow
    text.publish_at, text.planned_by = at, by
    text.save(update_fields=["publish_at", "planned_by"])


def forget_plan(text: Translation) -> None:
    """Neither planned nor waiting for review."""
    text.publish_at = text.asked_for_review = None
    if text.state == Translation.State.REVIEW:
        text.state = Translation.State.DRAFT
    text.save(update_fields=["publish_at", "asked_for_review", "state"])


def publish_due() -> None:
    """Every text whose moment has come; one that cannot be published does not keep the others back."""
    for text in Translation.objects.filter(publish_at__lte=now()).select_related("planned_by").order_by("publish_at")[:50]:
        publish(text, by=text.planned_by)
