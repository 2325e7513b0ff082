"""One timeline entry as staff see it; the page and the live stream show the same."""

from functools import lru_cache
from typing import Any

from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.files import signed_address
from kefu.conversations.models import Message
from kefu.system.live import LiveEvent
from kefu.web.ui.messages import message_html


@lru_cache(maxsize=1)
def template() -> Any:
    return loader.get_template("desk/message.html")


def shown(message: Message, language: str) -> str:
    """The HTML of an entry, in the reader's language."""
    with override(language):
        return str(template().render(context(message, language)))


def context(message: Message, language: str) -> dict[str, Any]:
    agent = message.agent
    return {
        "message": message,
        "html": message_html(message.body),
        "name": agent.label(language) if agent else "",
        "badge": agent.badge if agent else "",
        "words": activity(message, agent.label(language) if agent else "") if message.kind == "activity" else "",
        "files": [
            {
                "name": a.name,
                "size": a.size,
                "url": signed_address(a),
                "thumbnail": signed_address(a, thumbnail=True) if a.thumbnail_key else "",
            }
            for a in message.attachments.all()
        ],
        "language": language,
    }


def activity(message: Message, name: str) -> str:
    """What happened, as staff read it."""
    data = message.data
    what = data.get("what", "")
    values = {"name": name or _("The system"), "to": data.get("to", ""), "after": data.get("after", "")}
    reasons = {
        "asked": _("asked for a person"),
        "failed_twice": _("two answers did not help"),
        "unsure": _("the bot was not sure"),
        "off_topic": _("the bot found nothing"),
        "takeover": _("signs of an account takeover"),
        "fraud": _("signs of fraud"),
        "distress": _("signs of distress"),
        "flow": _("all details are collected"),
    }
    why = reasons.get(str(data.get("reason", "")), str(data.get("reason", "")))
    return {
        "queued": _("Waiting for a person: %(why)s") % {"why": why},
        "joined": _("%(name)s took over") % values,
        "transferred": _("%(name)s passed it to %(to)s") % values,
        "requeued": _("Back in the queue: the agent was gone"),
        "left_queue": _("The customer left the queue"),
        "message_left": _("The customer left a message to be answered by mail"),
        "absent": _("The customer was away; it goes on as a ticket"),
        "solved": _("%(name)s marked it as solved") % values if data.get("by") != "customer" else _("The customer marked it as solved"),
        "reopened": _("Opened again"),
        "status": _("%(name)s set the status to %(after)s") % values,
    }.get(what, what)


def after(uid: str, language: str, seq: int) -> list[LiveEvent]:
    """The entries after ``seq``, for the live stream."""
    rows = Message.objects.filter(conversation__uid=uid, seq__gt=seq).order_by("seq")
    found = rows.select_related("agent__user").prefetch_related("attachments")
    return [LiveEvent(message.seq, "message", shown(message, language)) for message in found]
