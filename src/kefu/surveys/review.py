"""A supervisor's look at how a conversation was led: a score card, the same for everybody."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Avg, Count
from django.utils.timezone import now

from kefu.conversations.errors import NotAllowed
from kefu.conversations.models import IS_OVER, Conversation, Message
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.surveys.models import Review
from kefu.system.audit.log import write as audit

CARD = ("right", "complete", "clear", "kind", "safe")
LOWEST, HIGHEST = 1, 5


def review(conversation: Conversation, *, scores: Mapping[str, Any], comment: str, by: Agent) -> Review:
    """Keep a score card for whoever answered last; a second look of the same reviewer replaces the first.

    ``scores``: a name of ``CARD`` to 1…5; what does not apply is left out. Raises NotAllowed, ValueError for a score that is
    none or an empty card, LookupError where no agent has answered, NotAllowed for one's own work.
    """
    if not may(by, "reviews.write"):
        raise NotAllowed("reviews.write")
    clean = {name: int(scores[name]) for name in CARD if scores.get(name) not in {None, ""}}
    if not clean or any(not LOWEST <= score <= HIGHEST for score in clean.values()):
        raise ValueError("scores")
    # What all linked to an incident were told at once is nobody's work on this case.
    said = conversation.messages.filter(kind=Message.Kind.AGENT, agent__isnull=False).exclude(data__has_key="incident")
    last = said.order_by("-seq").select_related("agent").first()
    if last is None or last.agent is None:
        raise LookupError("nobody has answered")
    if last.agent_id == by.pk:
        raise NotAllowed("own work")
    values = {"agent": last.agent, "scores": clean, "score": sum(clean.values()) / len(clean), "comment": comment.strip()[:2000]}
    found, _made = Review.objects.update_or_create(conversation=conversation, reviewer=by, defaults=values | {"created": now()})
    audit(str(by), "conversation.reviewed", f"conversation:{conversation.pk}", score=round(found.score, 2))
    return found


def sample(*, by: Agent, count: int = 10) -> list[Conversation]:
    """Conversations to look at: solved lately, answered by somebody else, not reviewed yet; badly rated ones first, one an agent
    before a second one."""
    rows = Conversation.objects.filter(IS_OVER, assignee__isnull=False, reviews__isnull=True, first_replied_at__isnull=False)
    rows = rows.exclude(assignee=by).select_related("assignee", "rating").order_by("-solved_at")[:200]
    ordered = sorted(rows, key=lambda c: getattr(getattr(c, "rating", None), "score", 4) > 2)
    seen: Counter[int | None] = Counter()
    turns: list[tuple[int, int, Conversation]] = []
    for c in ordered:
        seen[c.assignee_id] += 1
        turns.append((seen[c.assignee_id], len(turns), c))
    return [c for _turn, _place, c in sorted(turns, key=lambda turn: turn[:2])[:count]]


def averages() -> list[dict[str, Any]]:
    """Of each agent who was reviewed: how often and how well."""
    rows = Review.objects.values("agent", "agent__badge", "agent__alias").order_by()
    return [dict(row) for row in rows.annotate(n=Count("pk"), mean=Avg("score")).order_by("-n")]
