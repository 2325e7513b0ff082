"""Which topic a customer's words are about: whoever asks for a person without pressing a topic reaches those who know it."""

from collections import defaultdict
from collections.abc import Sequence

from kefu.bot import policy
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Message
from kefu.conversations.prioritise import prioritise
from kefu.knowledge.search import Found
from kefu.topics.models import Topic
from kefu.topics.recognise import recognise

# What was heard without any article that fits, and the topic of the starter content that looks after it.
ALARMS = {"takeover": "security", "fraud": "scams"}
MOST_READ = 10  # messages in which details are looked for


def likely_topic(found: Sequence[Found]) -> str:
    """The topic on which the articles that may answer agree, as its slug; empty where they leave it open.

    Confidences of articles of one topic, or of one topic and its children, count together: between two articles about
    withdrawals it matters little which of them is meant.
    """
    close = [one for one in found if one.confidence >= policy.FAINT and one.entry.topic]
    if not close:
        return ""
    parents = dict(Topic.objects.filter(slug__in={one.entry.topic for one in close}).values_list("slug", "parent__slug"))
    weight: dict[str, float] = defaultdict(float)
    for one in close:
        weight[parents.get(one.entry.topic) or one.entry.topic] += one.confidence
    root = max(weight, key=lambda slug: weight[slug])
    if weight[root] < policy.TOPIC:
        return ""
    return next(one.entry.topic for one in close if (parents.get(one.entry.topic) or one.entry.topic) == root)


def set_topic(conversation: Conversation, slug: str) -> bool:
    """Give a ``locked`` conversation that has no topic this one, with its team unless a mailbox or a person chose one;
    the caller saves. Whether that changed anything."""
    if not slug or conversation.topic_id is not None:
        return False
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return False
    conversation.topic = topic
    if conversation.team_id is None and conversation.assignee_id is None:
        conversation.team_id = topic.team_id
    record(conversation, EventKind.TOPIC_CHANGED, topic=slug, by="bot")
    prioritise(conversation)
    return True


def fill_in(conversation: Conversation) -> None:
    """Put what the customer's words say already into the fields of the topic, so that nobody asks for it again; what was
    given before stays. The caller holds the lock and saves."""
    topic = conversation.topic
    if topic is None or not topic.own_fields:
        return
    said = conversation.messages.filter(kind=Message.Kind.CUSTOMER).order_by("seq").values_list("body", flat=True)[:MOST_READ]
    conversation.fields = {**recognise("\n".join(said), topic.own_fields), **conversation.fields}
