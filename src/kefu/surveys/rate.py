"""Rating a conversation."""

from kefu.conversations.errors import Conflict
from kefu.conversations.events import record
from kefu.conversations.guard import clear
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.surveys.models import Rating

BAD = 2
LONGEST_COMMENT = 2000


def rate(conversation: Conversation, *, score: int, reason: str = "", comment: str = "") -> Rating:
    """Keep the customer's judgement, from 1 (very bad) to 5; a bad one opens a supervisor's review.

    It counts for whoever answered last. Raises ValueError for a score or reason that does not exist, Conflict for a
    conversation in which nobody has answered yet.
    """
    if not 1 <= score <= 5 or reason not in Rating.Reason.values:
        raise ValueError((score, reason))
    said = clear(comment.strip())[0][:LONGEST_COMMENT]
    with locked(conversation) as c:
        last = c.messages.filter(kind__in=["agent", "bot"]).order_by("-seq").first()
        if last is None:
            raise Conflict(c.status)
        review = Rating.Review.OPEN if score <= BAD else Rating.Review.NONE
        rating, _created = Rating.objects.update_or_create(
            conversation=c,
            defaults={
                "agent_id": last.agent_id or c.assignee_id,
                "score": score,
                "reason": reason,
                "comment": said,
                "review": review,
            },
        )
        append_activity(c, "rated", score=score, reason=reason)
        c.save()
        record(c, EventKind.RATED, score=score, reason=reason)
    return rating
