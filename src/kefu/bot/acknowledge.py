"""The first answer to a ticket: that it arrived, its number, what we promise, and what may already help."""

from django.utils.translation import override

from kefu.bot import phrases, policy
from kefu.bot.answer import citation
from kefu.conversations.models import Conversation, Event, locked
from kefu.conversations.reply import say
from kefu.incidents.known import incident_in, link
from kefu.knowledge.search import answers
from kefu.system.turn import write_turn

TICKET_CHANNELS = {"form", "email"}


def acknowledge(event: Event) -> None:
    """Reaction: a conversation began. Live talks have the bot itself; a ticket gets one automatic answer, once."""
    conversation = event.conversation
    if conversation.channel not in TICKET_CHANNELS or conversation.stage != Conversation.Stage.NONE:
        return
    first = conversation.messages.filter(kind="customer").order_by("seq").first()
    found = answers(first.body, language=conversation.language, limit=1) if first else []
    help_found = found[0] if found and found[0].confidence >= policy.ANSWER else None
    with write_turn(), locked(event.conversation_id) as c:
        if c.bot.get("acknowledged"):
            return
        c.bot = {**c.bot, "acknowledged": True}
        found_incident = incident_in(first.body, topic=c.topic) if first else None
        if found_incident:
            link(c, found_incident)
        with override(c.language):
            data: dict[str, object] = {"automatic": True}
            text = phrases.received(c.number or "")
            if found_incident:
                text += "\n\n" + phrases.known_incident(found_incident.title(c.language), found_incident.summary(c.language))
            elif help_found:
                text += "\n\n" + phrases.may_help(help_found.entry.title, help_found.entry.summary)
                data["citations"] = [citation(help_found.entry)]
            say(c, text, data=data)
        c.save()
