"""The first answer to a ticket: that it arrived, its number, what we promise, and what may already help."""

from django.utils.translation import override

from kefu.bot import phrases, policy
from kefu.bot.answer import citation
from kefu.bot.decide import parts_answered
from kefu.bot.told import keep_told
from kefu.bot.topic import fill_in, likely_topic, set_topic
from kefu.conversations.models import Conversation, Event, Message, locked
from kefu.conversations.reply import say
from kefu.incidents.known import incident_in, link
from kefu.knowledge.search import answers
from kefu.system.prepared import Fetch
from kefu.system.turn import write_turn

TICKET_CHANNELS = {"form", "email"}
_first: Fetch[Message] = Fetch(
    lambda talk: Message.objects.filter(conversation=talk, kind=Message.Kind.CUSTOMER).order_by("seq")[:1],
    Message._meta.get_field("conversation"),
)


def acknowledge(event: Event) -> None:
    """Reaction: a conversation began. Live talks have the bot itself; a ticket gets one automatic answer, once."""
    conversation = event.conversation
    if conversation.channel not in TICKET_CHANNELS or conversation.stage != Conversation.Stage.NONE:
        return
    first = _first.first(conversation.pk)
    found = answers(first.body, language=conversation.language) if first else []
    topic = likely_topic(found) if conversation.topic_id is None else ""
    help_found = found[0] if found and found[0].confidence >= policy.ANSWER else None
    if help_found is None and first and conversation.channel == "email":
        # Between a greeting and a signature the question is one sentence of several, and often the subject says it best.
        parts = parts_answered(f"{conversation.subject}\n{first.body}", conversation.language)
        help_found = parts[0] if parts else None
    with write_turn(), locked(event.conversation_id) as c:
        if c.bot.get("acknowledged"):
            return
        c.bot = {**c.bot, "acknowledged": True}
        if set_topic(c, topic):
            fill_in(c)
        found_incident = incident_in(first.body, about=c) if first else None
        if found_incident:
            link(c, found_incident)
            keep_told(c, found_incident)
        with override(c.language):
            data: dict[str, object] = {"automatic": True}
            text = phrases.received(c.number or "")
            if found_incident:
                text += "\n\n" + phrases.known_incident(found_incident.title(c.language), found_incident.summary(c.language))
                text += " " + phrases.we_tell_you()
            elif help_found:
                text += "\n\n" + phrases.may_help(help_found.entry.title, help_found.entry.summary)
                data["citations"] = [citation(help_found.entry)]
            say(c, text, data=data)
        c.save()
