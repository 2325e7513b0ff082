"""On which rung of the ladder of proof a conversation's customer stands, for the desk."""

from dataclasses import dataclass
from datetime import datetime

from kefu.conversations.models import Conversation
from kefu.conversations.prove import LIFE, is_proven, rung_of_conversation
from kefu.people.ladder import NEEDED, Rung


@dataclass(frozen=True)
class Proof:
    """``below``: the topic asks for a higher rung, ``needed``; ``until``: when the app's word fades."""

    rung: int
    label: str
    highest: int
    can_ask: bool
    below: bool
    needed: str
    until: datetime | None


def proof_of(conversation: Conversation) -> Proof:
    """The rung as it stands now."""
    rung = rung_of_conversation(conversation, list(conversation.customer.identities.all()))
    needed, words = _needed(conversation)
    fresh = is_proven(conversation)
    until = conversation.proven_at + LIFE if fresh and conversation.proven_at else None
    return Proof(int(rung), str(rung.label), int(Rung.DOCUMENT), not fresh or rung < needed, rung < needed, words, until)


def _needed(conversation: Conversation) -> tuple[int, str]:
    """The rung that the topic asks for before personal data is given, and its name."""
    rung = needed_rung(conversation)
    return int(rung), str(rung.label)


def needed_rung(conversation: Conversation) -> Rung:
    """The rung that the topic asks for."""
    return NEEDED.get(conversation.topic.needs if conversation.topic else "", Rung.ANONYMOUS)
