"""One timeline entry as staff see it; the page and the live stream show the same."""

from functools import lru_cache
from typing import Any

from django.template import loader
from django.utils.translation import override

from kefu.conversations.files import signed_address
from kefu.conversations.models import Message
from kefu.system.live import LiveEvent
from kefu.web.desk.happened import happened
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
        "words": happened(message, agent.label(language) if agent else "") if message.kind == "activity" else "",
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


def after(uid: str, language: str, seq: int) -> list[LiveEvent]:
    """The entries after ``seq``, for the live stream."""
    rows = Message.objects.filter(conversation__uid=uid, seq__gt=seq).order_by("seq")
    found = rows.select_related("agent__user").prefetch_related("attachments")
    return [LiveEvent(message.seq, "message", shown(message, language)) for message in found]
