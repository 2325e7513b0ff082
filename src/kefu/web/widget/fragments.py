"""One timeline entry as the customer sees it; the page and the live stream show the same."""

from functools import lru_cache

from django.template import loader
from django.utils.translation import override

from kefu.conversations.models import Message
from kefu.system.live import LiveEvent
from kefu.web.ui.messages import message_html
from kefu.web.widget.files import shown_files


@lru_cache(maxsize=1)
def template():  # type: ignore[no-untyped-def]
    return loader.get_template("widget/message.html")


def shown(message: Message, language: str) -> str:
    """The HTML of a public entry, in the reader's language; empty for what a customer never sees."""
    if not message.is_public:
        return ""
    with override(language):
        return str(template().render(context(message, language)))


def context(message: Message, language: str) -> dict[str, object]:
    agent = message.agent
    return {
        "message": message,
        "html": message_html(message.body),
        "mine": message.kind == Message.Kind.CUSTOMER,
        "agent_name": agent.label(language) if agent else "",
        "badge": agent.badge if agent else "",
        "files": shown_files(message),
        "language": language,
    }


def after(uid: str, language: str, seq: int) -> list[LiveEvent]:
    """The entries after ``seq``, for the live stream. Hidden ones move the position on without content."""
    rows = Message.objects.filter(conversation__uid=uid, seq__gt=seq).order_by("seq")
    events = []
    for message in rows.select_related("agent").prefetch_related("attachments"):
        html = shown(message, language)
        events.append(LiveEvent(message.seq, "message" if html else "hidden", html))
    return events
