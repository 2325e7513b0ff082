"""One timeline entry as staff see it; the page and the live stream show the same."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template import loader
from django.utils.safestring import SafeString
from django.utils.translation import override

from kefu.conversations import recent
from kefu.conversations.files import signed_address
from kefu.conversations.models import Conversation, Message
from kefu.people.ladder import Rung
from kefu.people.models import Agent
from kefu.system.live import LiveEvent
from kefu.web.desk.happened import happened
from kefu.web.ui.messages import message_html
from kefu.web.ui.stencil import Stencil, is_plain


@lru_cache(maxsize=1)
def template() -> Any:
    return loader.get_template("desk/message.html")


def shown(message: Message, language: str) -> str:
    """The HTML of an entry, in the reader's language."""
    made = message.__dict__.setdefault("_shown_to_agents", {})
    if language not in made:
        with override(language):
            if is_plain(message):
                made[language] = _stencil(language, message.language, message.data.get("rung", 0)).fill(message)
            else:
                made[language] = _render(message, language)
    return str(made[language])


def _render(message: Message, language: str, html: SafeString | None = None) -> str:
    entry = context(message, language)
    return str(template().render(entry if html is None else entry | {"html": html}))


@lru_cache(maxsize=64)
def _stencil(language: str, spoken: str, rung: int) -> Stencil:
    return Stencil(lambda sample, html: _render(sample, language, html), spoken, rung)


def context(message: Message, language: str) -> dict[str, Any]:
    agent = message.agent
    return {
        "message": message,
        "html": message_html(message.body),
        "name": agent.label(language) if agent else str(message.data.get("from", "")),  # who was asked by mail, of what came back
        "badge": agent.badge if agent else "",
        "words": happened(message, agent.label(language) if agent else "") if message.kind == "activity" else "",
        "files": [
            {
                "name": a.name,
                "size": a.size,
                "url": signed_address(a),
                "thumbnail": signed_address(a, thumbnail=True) if a.thumbnail_key else "",
            }
            for a in message.files
        ],
        "language": language,
        "rung_label": Rung(message.data["rung"]).label if message.data.get("rung") in Rung.values else "",
    }


def after(uid: str, language: str, seq: int) -> list[LiveEvent]:
    """The entries after ``seq``, for the live stream."""
    rows = Message.objects.filter(conversation__uid=uid, seq__gt=seq).order_by("seq")
    found = rows.select_related("agent__user").prefetch_related("attachments")
    return [LiveEvent(message.seq, "message", shown(message, language)) for message in found]


def after_for_guest(uid: str, reader: str, seq: int) -> list[LiveEvent]:
    """The same for a colleague who was let in, as long as they are; ``reader``: language and agent, as in ``en:17``."""
    language, _, agent = reader.partition(":")
    who = Agent.objects.filter(pk=agent, active=True).first()
    seen = who and Conversation.objects.let_in(who).filter(uid=uid).exists()  # type: ignore[attr-defined]
    return after(uid, language, seq) if seen else []


def fresh_for_guest(uid: UUID, reader: str, seq: int) -> list[LiveEvent]:
    """Nothing: whether they are still let in is asked of the database each time."""
    return []


def fresh(uid: UUID, language: str, seq: int) -> list[LiveEvent]:
    """The same without the database, as far as this process stored it just now."""
    return [LiveEvent(message.seq, "message", shown(message, language)) for message in recent.after(uid, seq)]
