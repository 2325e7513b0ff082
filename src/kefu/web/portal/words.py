"""Codes of a ticket in the words of its customer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kefu.conversations.models import Conversation

Status = Conversation.Status


@dataclass(frozen=True)
class State:
    """``kind`` is the pill's colour; ``turn`` says what happens next."""

    kind: str
    name: str
    turn: str


@dataclass(frozen=True)
class Stop:
    """A stop on the way of a ticket: ``state`` is done, current or to come."""

    name: str
    state: str
    at: datetime | None = None


def state_of(conversation: Conversation) -> State:
    """The four states that a customer knows."""
    status = conversation.status
    if status == Status.ON_HOLD and conversation.snoozed_until:
        return State("open", _("In progress"), _("We wait for the exchange, and tell you as soon as something changes."))
    if status in {Status.NEW, Status.OPEN, Status.ON_HOLD}:
        return State("open", _("In progress"), _("It is our turn."))
    if status == Status.PENDING:
        return State("warn", _("Waiting for you"), _("We have answered; it is your turn."))
    if status == Status.SOLVED:
        return State("ok", _("Solved"), _("Not solved? Write below, and it goes on."))
    return State("hollow", _("Closed"), _("A new message begins a new ticket that names this one."))


def way_of(conversation: Conversation) -> list[Stop]:
    """The way of a ticket from its first word to its end, with the times that are known."""
    c = conversation
    over, waiting = c.is_over, c.status == Status.PENDING
    stops = [Stop(_("Received"), "done", c.created)]
    stops.append(Stop(_("In progress"), "done" if over or waiting else "current", c.first_replied_at))
    if waiting:
        stops.append(Stop(_("Waiting for you"), "current", c.last_message_at))
    stops.append(Stop(_("Solved"), "done" if c.status == Status.CLOSED else "current" if over else "later", c.solved_at))
    stops.append(Stop(_("Closed"), "current" if c.status == Status.CLOSED else "later", c.closed_at))
    return stops


def channel(code: str) -> str:
    """How the customer wrote to us."""
    return {"webchat": _("Live chat"), "form": _("Ticket"), "email": _("Email")}.get(code, code)


def rung(level: int) -> str:
    """Who looks at a ticket on this rung of the ladder."""
    return {1: _("Agent"), 2: _("Specialist"), 3: _("Supervisor"), 4: _("Complaints officer")}.get(level, str(level))
