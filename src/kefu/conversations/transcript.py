"""A conversation as its customer may keep it: what both sides said, in order, without notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kefu.conversations.models import Conversation, Message


@dataclass(frozen=True)
class Line:
    """``who`` is customer, agent or bot; ``name`` the agent's name and badge."""

    seq: int
    who: str
    name: str
    at: datetime
    body: str
    files: tuple[str, ...]
    citations: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Transcript:
    number: str
    subject: str
    language: str
    status: str
    created: datetime
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """The transcript as plain data; times in ISO 8601, UTC."""
        return {
            "number": self.number,
            "subject": self.subject,
            "language": self.language,
            "status": self.status,
            "created": self.created.isoformat(),
            "messages": [
                {
                    "seq": line.seq,
                    "from": line.who,
                    "name": line.name,
                    "at": line.at.isoformat(),
                    "text": line.body,
                    "files": list(line.files),
                    "sources": list(line.citations),
                }
                for line in self.lines
            ],
        }


def transcript(conversation: Conversation, *, language: str) -> Transcript:
    """Everything that was said in public, with agents' names as a reader of ``language`` sees them."""
    spoken = (Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT)
    rows = conversation.messages.filter(kind__in=spoken).order_by("seq")
    lines = tuple(
        Line(
            seq=m.seq,
            who=m.kind,
            name=f"{m.agent.label(language)} · {m.agent.badge}" if m.agent else "",
            at=m.created,
            body=m.body,
            files=tuple(a.name for a in m.attachments.all()),
            citations=tuple(m.data.get("citations", [])),
        )
        for m in rows.select_related("agent").prefetch_related("attachments")
    )
    return Transcript(
        number=conversation.number or "",
        subject=conversation.subject,
        language=conversation.language,
        status=conversation.status,
        created=conversation.created,
        lines=lines,
    )
