"""What needs a second person, in words: the kinds, what exactly is asked for, and why it was not carried out."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.approvals.decide import may_decide
from kefu.approvals.models import Approval
from kefu.conversations.models import Conversation
from kefu.people.models import Agent

State = Approval.State


def kind(code: str) -> str:
    """What is to be done."""
    return {
        "freeze": _("Freeze the account"),
        "unfreeze": _("End the freeze of the account"),
        "refund": _("An answer that promises a refund"),
    }.get(code, code)


def about(code: str) -> str:
    """When a kind asks for a second person, for whoever sets that."""
    return {
        "freeze": _("Without a second person it protects at once. With one, somebody must be there to agree."),
        "unfreeze": _("Gives the account back to whoever writes: an impostor’s goal."),
        "refund": _("The agent marks the answer; it goes out once somebody has agreed."),
    }.get(code, "")


def problem(code: str) -> str:
    """Why what was approved could not be carried out."""
    return {
        "asker_left": _("whoever asked may not do this any more"),
        "second_left": _("whoever approved may not do this any more"),
        "unavailable": _("the exchange did not answer"),
        "not_offered": _("the exchange does not offer it"),
        "declined": _("the exchange declined"),
        "closed": _("the conversation was closed"),
        "refused": _("the answer could not be sent"),
    }.get(code, code)


@dataclass(frozen=True)
class Card:
    """One wish, as a page shows it to one reader."""

    one: Approval
    kind: str
    by: str
    second: str
    text: str
    account: str
    files: int
    may_decide: bool
    is_mine: bool
    problem: str

    @property
    def waits(self) -> bool:
        return self.one.state == State.WAITING

    @property
    def tone(self) -> str:
        return {State.WAITING: "warn", State.APPROVED: "open", State.DONE: "ok", State.FAILED: "bad", State.DECLINED: "bad"}.get(
            State(self.one.state), "hollow"
        )


def card(one: Approval, agent: Agent) -> Card:
    """For ``agent``, in the language of the page."""
    language, payload = get_language() or "en", one.payload
    return Card(
        one,
        kind(one.kind),
        one.asked_by.label(language),
        one.decided_by.label(language) if one.decided_by else "",
        str(payload.get("text", "")),
        str(payload.get("account", "")),
        len(payload.get("files", ())),
        one.state == State.WAITING and may_decide(one, agent),
        one.asked_by_id == agent.pk,
        problem(one.problem) if one.problem else "",
    )


def waiting_here(found: Conversation, agent: Agent) -> dict[str, Any]:
    """What waits in one conversation, and what is just being carried out."""
    rows = Approval.objects.filter(conversation=found, state__in=[State.WAITING, State.APPROVED]).select_related("asked_by", "decided_by")
    return {"approvals": [card(one, agent) for one in rows.order_by("pk")]}
