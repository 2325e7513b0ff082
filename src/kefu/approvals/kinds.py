"""The kinds of acts that may need a second person, and how each is done. Whatever is done twice must be done once: a worker may
be killed between doing and noting it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from kefu.approvals.models import Rule
from kefu.conversations.models import Conversation, locked
from kefu.conversations.reply import reply
from kefu.conversations.timeline import append_activity
from kefu.exchange.choose import exchange
from kefu.exchange.port import Unavailable
from kefu.people.models import Agent
from kefu.system.audit.log import write as audit

Done = Callable[[Conversation, Mapping[str, Any], str, Agent, str], None]


class Declined(Exception):
    """The exchange answered, and does not do it."""


@dataclass(frozen=True)
class Kind:
    """``act`` is the right that one needs to ask; ``needed`` and ``hours`` are how it begins, before anybody set it otherwise.

    ``do(conversation, payload, reason, by, key)``: ``by`` is who asked; ``key`` is the same over all attempts. Raises Unavailable to
    be tried again, Declined.
    """

    code: str
    act: str
    needed: bool
    hours: int
    do: Done


def needed(code: str) -> bool:
    """Whether this act needs a second person just now."""
    found = Rule.objects.filter(kind=code).values_list("needed", flat=True).first()
    return KINDS[code].needed if found is None else found


def hours(code: str) -> int:
    """For how long a second person is waited for."""
    return Rule.objects.filter(kind=code).values_list("hours", flat=True).first() or KINDS[code].hours


def _set_frozen(conversation: Conversation, payload: Mapping[str, Any], reason: str, by: Agent, key: str, *, frozen: bool) -> None:
    port = exchange()
    if port is None:
        raise Unavailable("no exchange")
    change, what, told = (port.freeze, "freeze", "frozen") if frozen else (port.unfreeze, "unfreeze", "unfrozen")
    if not change(payload["account"], reason=reason, request_id=_request(conversation, what)).value:
        raise Declined
    _tell(conversation, told, reason, by)


def _refund(conversation: Conversation, payload: Mapping[str, Any], reason: str, by: Agent, key: str) -> None:
    reply(
        conversation,
        payload["text"],
        agent=by,
        client_key=key,
        files=tuple(payload.get("files", ())),
        data=dict(payload.get("data", {})),
    )


def _request(conversation: Conversation, what: str) -> str:
    """The same until it is done: what is asked for twice is one freeze; after it was lifted the next is another one."""
    lifted = conversation.messages.filter(kind="activity", data__what="unfrozen").count()
    return f"{conversation.number}:{what}" + (f":{lifted}" if lifted else "")


def _tell(conversation: Conversation, what: str, reason: str, by: Agent) -> None:
    audit(str(by), f"account.{what}", f"conversation:{conversation.number}", reason=reason)
    with locked(conversation.pk) as held:
        append_activity(held, what, agent=by, reason=reason)
        held.save(update_fields=["last_seq"])


# A freeze protects, so it waits for nobody unless an operator wants that; what takes protection away, or gives money, does.
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("freeze", "account.freeze", False, 2, partial(_set_frozen, frozen=True)),
        Kind("unfreeze", "account.freeze", True, 24, partial(_set_frozen, frozen=False)),
        Kind("refund", "desk.answer", True, 24, _refund),
    )
}
