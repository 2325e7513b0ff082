"""The unsent words of an agent, kept on the server: they survive the browser, the night and another machine."""

from django.utils.timezone import now

from kefu.conversations.guard import MAX_CHARACTERS, clear
from kefu.conversations.models import Conversation, Draft
from kefu.people.models import Agent


def save_draft(conversation: Conversation, text: str, *, agent: Agent, mode: str = Draft.Mode.REPLY, seen: int = 0) -> None:
    """Keep what is written so far, without secrets; nothing written forgets the draft."""
    clean = clear(text[:MAX_CHARACTERS])[0]
    if not clean.strip():
        drop_draft(conversation, agent=agent)
        return
    kind = mode if mode in Draft.Mode.values else Draft.Mode.REPLY
    values = {"mode": kind, "text": clean, "seen_seq": seen, "updated": now()}
    Draft.objects.update_or_create(conversation=conversation, agent=agent, send_at=None, defaults=values)


def drop_draft(conversation: Conversation, *, agent: Agent) -> None:
    """The words were sent or given up."""
    Draft.objects.filter(conversation=conversation, agent=agent, send_at=None).delete()


def draft_of(conversation: Conversation, agent: Agent) -> Draft | None:
    """What the agent left unsent here."""
    return Draft.objects.filter(conversation=conversation, agent=agent, send_at=None).first()
