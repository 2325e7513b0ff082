"""Is this about something that we know already?"""

from django.db.models import QuerySet

from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind
from kefu.conversations.timeline import append_activity
from kefu.incidents.models import Incident
from kefu.system.prepared import Fetch
from kefu.text.tokens import words
from kefu.topics.models import Topic


def unsolved() -> "QuerySet[Incident]":
    """The rows of what is open now."""
    return Incident.objects.exclude(state=Incident.State.SOLVED)


def open_incidents(topic: Topic | None = None) -> list[Incident]:
    """What is open now, newest first; of a topic and its parent only, if one is given."""
    rows = unsolved().select_related("topic")
    if topic is not None:
        rows = rows.filter(topic__in=[pk for pk in (topic.pk, topic.parent_id) if pk])
    return list(rows)


_all_open: Fetch[Incident] = Fetch(lambda: unsolved().select_related("topic"))


def incident_in(text: str, *, about: Conversation | None = None) -> Incident | None:
    """The open incident that a text is about: one of its phrases has all its words in the text.

    Among several, the one of the topic of ``about``, then the newest.
    """
    candidates = _all_open.all()
    if not candidates:
        return None
    said = set(words(text))
    fitting = [one for one in candidates if any(_says(said, phrase) for phrase in one.words.splitlines())]
    if not fitting:
        return None
    topic = about.topic if about else None
    return next((one for one in fitting if topic and one.topic_id in {topic.pk, topic.parent_id}), fitting[0])


def link(conversation: Conversation, incident: Incident | None, *, by: str = "bot") -> bool:
    """Tie a ``locked`` conversation to an incident (None: to none); the caller saves. Whether that was new."""
    if conversation.incident_id == (incident.pk if incident else None):
        return False
    conversation.incident = incident
    append_activity(conversation, "linked" if incident else "unlinked", incident=incident.slug if incident else "", by=by)
    record(conversation, EventKind.LINKED, incident=incident.slug if incident else "")
    return True


def _says(said: set[str], phrase: str) -> bool:
    wanted = set(words(phrase))
    return bool(wanted) and wanted <= said
