"""One timeline entry as the customer sees it; the page and the live stream show the same."""

from functools import lru_cache
from uuid import UUID

from django.template import loader
from django.utils.safestring import SafeString
from django.utils.translation import override

from kefu.conversations import recent
from kefu.conversations.models import Message
from kefu.system.live import LiveEvent
from kefu.web.ui.messages import message_html
from kefu.web.ui.stencil import Stencil, is_plain
from kefu.web.widget.files import shown_files


@lru_cache(maxsize=1)
def template():  # type: ignore[no-untyped-def]
    return loader.get_template("widget/message.html")


def shown(message: Message, language: str) -> str:
    """The HTML of a public entry, in the reader's language; empty for what a customer never sees."""
    if not message.is_public:
        return ""
    made = message.__dict__.setdefault("_shown_to_customer", {})
    if language not in made:  # the one who said it and those who watch are shown the same
        with override(language):
            made[language] = _stencil(language, message.language).fill(message) if is_plain(message) else _render(message, language)
    return str(made[language])


def _render(message: Message, language: str, html: SafeString | None = None) -> str:
    entry = context(message, language)
    return str(template().render(entry if html is None else entry | {"html": html}))


@lru_cache(maxsize=64)
def _stencil(language: str, spoken: str) -> Stencil:
    return Stencil(lambda sample, html: _render(sample, language, html), spoken)


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
    return [_event(message, language) for message in rows.select_related("agent").prefetch_related("attachments")]


def fresh(uid: UUID, language: str, seq: int) -> list[LiveEvent]:
    """The same without the database, as far as this process stored it just now."""
    return [_event(message, language) for message in recent.after(uid, seq)]


def _event(message: Message, language: str) -> LiveEvent:
    html = shown(message, language)
    return LiveEvent(message.seq, "message" if html else "hidden", html)
