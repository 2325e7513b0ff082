"""Offering to tell when an incident is over, and what the customer says to it."""

from kefu.bot import phrases
from kefu.conversations.errors import Conflict
from kefu.conversations.models import Conversation
from kefu.conversations.reply import say
from kefu.incidents.models import Incident
from kefu.incidents.subscribe import subscribe, subscription_of, unsubscribe

CHOICES = {"tell_me", "do_not_tell"}


def choose(conversation: Conversation, choice: str) -> None:
    """A button under a known incident was pressed, in a ``locked`` conversation which the caller saves."""
    incident = conversation.incident
    if choice == "do_not_tell":
        if found := subscription_of(conversation):
            unsubscribe(found)
        say(conversation, phrases.we_tell_you_no_more(), data={"buttons": _buttons("human")})
    elif incident is None or not keep_told(conversation, incident):
        title = incident.title(conversation.language) if incident else ""
        say(conversation, phrases.over_already(title) if title else phrases.decline(), data={"buttons": _buttons("human")})
    else:
        say(conversation, phrases.we_tell_you(), data={"buttons": _buttons("do_not_tell", "human")})


def keep_told(conversation: Conversation, incident: Incident) -> bool:
    """Tell them here when it is over; False when it is over already."""
    try:
        subscribe(incident, conversation)
    except Conflict:
        return False
    return True


def _buttons(*names: str) -> list[dict[str, str]]:
    return [{"label": phrases.button(name), "value": name} for name in names]
