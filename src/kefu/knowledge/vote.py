"""A reader's judgement of an article: one a reader, which may be changed."""

from django.db import transaction
from django.db.models import Count, Q

from kefu.knowledge.models import Translation, Vote
from kefu.text.secrets import redact


def vote(text: Translation, reader: str, *, helpful: bool, reason: str = "", comment: str = "") -> Vote:
    """Store the vote and count anew; a reason that does not exist is left out, secrets in the comment are removed."""
    known = reason if reason in Vote.Reason.values and not helpful else ""
    with transaction.atomic():
        cast, _ = Vote.objects.update_or_create(
            translation=text,
            visitor=reader,
            defaults={"helpful": helpful, "reason": known, "comment": redact(comment[:1000]).text[:1000]},
        )
        counts = text.votes.aggregate(yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False)))
        Translation.objects.filter(pk=text.pk).update(helpful=counts["yes"], unhelpful=counts["no"])
    return cast
