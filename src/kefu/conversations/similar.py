"""What was asked before in nearly the same words, and what solved it: for whoever has such a case before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import now

from kefu.conversations.models import Conversation, Message
from kefu.people.models import Agent
from kefu.text.likeness import likest
from kefu.topics.models import Topic

LOOKED_AT = 300  # solved conversations of the topic, the newest
REACH = timedelta(days=365)
LEAST = 0.25  # likeness under which two cases are about different things
SHOWN = 4
LONGEST = 1000  # characters of the customer’s words that are compared


@dataclass(frozen=True)
class Similar:
    """A solved conversation and the words of staff by which it ended."""

    conversation: Conversation
    answer: Message
    likeness: float


def similar(conversation: Conversation, *, seen_by: Agent) -> list[Similar]:
    """The solved conversations most like this one, best first: of other customers, on the same topic, answered by a person,
    and only those that ``seen_by`` may open. Empty without a topic.

    The customer's own earlier ones are left out: their page lists them.
    """
    if conversation.topic_id is None:
        return []
    rows = (
        Conversation.objects.visible_to(seen_by)  # type: ignore[attr-defined]
        .filter(topic__in=_around(conversation.topic_id), solved_at__gt=now() - REACH, first_replied_at__isnull=False)
        .filter(asked_from__isnull=True, merged_into__isnull=True, bin="")
        .exclude(Q(pk=conversation.pk) | Q(customer=conversation.customer_id) | Q(subject=""))
    )
    subjects = dict(rows.order_by("-solved_at", "-id").values_list("pk", "subject")[:LOOKED_AT])
    # One more than is shown for each that ends without words of staff.
    best = dict(likest(_words_of(conversation), subjects, least=LEAST, most=2 * SHOWN))
    answers = _last_answers(list(best))
    found = Conversation.objects.filter(pk__in=answers).select_related("topic").in_bulk()
    return [Similar(found[pk], answers[pk], likeness) for pk, likeness in best.items() if pk in found][:SHOWN]


def _around(topic_id: int) -> list[int]:
    """A topic with its parent and its siblings: customers seldom know which of them theirs is."""
    parent = Topic.objects.filter(pk=topic_id).values_list("parent_id", flat=True).first() or topic_id
    return [parent, *Topic.objects.filter(parent=parent).values_list("pk", flat=True)]


def _words_of(conversation: Conversation) -> str:
    said = conversation.messages.filter(kind=Message.Kind.CUSTOMER).exclude(body="").order_by("seq").values_list("body", flat=True)[:3]
    return "\n".join(dict.fromkeys([conversation.subject, *said]))[:LONGEST]


def _last_answers(pks: Sequence[int]) -> dict[int, Message]:
    """The last words of staff of each; of a long talk no other message is read."""
    said = Message.objects.filter(conversation=OuterRef("pk"), kind=Message.Kind.AGENT).exclude(body="").order_by("-seq")
    last = Conversation.objects.filter(pk__in=pks).annotate(last=Subquery(said.values("pk")[:1])).values_list("last", flat=True)
    return {message.conversation_id: message for message in Message.objects.filter(pk__in=[pk for pk in last if pk])}
