"""What needs a second person, in words: the kinds, what exactly is asked for, and why it was not carried out."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kefu.approvals import rules
from kefu.approvals.decide import may_decide
from kefu.approvals.models import Approval, RuleChange
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

    one: Approval | RuleChange
    kind: str
    by: str
    second: str
    text: str
    account: str
    files: int
    may_decide: bool
    is_mine: bool
    problem: str
    change: str = ""

    @property
    def at(self) -> str:
        """What tells its form from the others of the page."""
        return f"rule-{self.one.pk}" if self.change else str(self.one.pk)

    @property
    def url(self) -> str:
        """Where it is decided."""
        return reverse("desk-rule-change" if self.change else "desk-approval", args=[self.one.pk])

    @property
    def before(self) -> str:
        """What the rule asks for now."""
        return setting(*rules.standing(self.one.kind))

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


def rule_card(one: RuleChange, agent: Agent) -> Card:
    """A change of a rule, for ``agent``, in the language of the page."""
    language = get_language() or "en"
    return Card(
        one,
        _("Change of the rule: %(kind)s") % {"kind": kind(one.kind)},
        one.asked_by.label(language),
        one.decided_by.label(language) if one.decided_by else "",
        "",
        "",
        0,
        one.state == State.WAITING and rules.may_decide(one, agent),
        one.asked_by_id == agent.pk,
        problem(one.problem) if one.problem else "",
        setting(one.needed, one.hours),
    )


def nobody_else() -> str:
    """For an installation with one who may decide, and nobody to agree with."""
    told = _("Nobody else here may agree to that. Whoever has the machine can change it there with %(command)s, and the audit log says so.")
    return told % {"command": "./kefu approvals"}


def setting(needed: bool, hours: int) -> str:
    """What a rule asks for."""
    if not needed:
        return _("no second person")
    return ngettext("a second person within %(n)d hour", "a second person within %(n)d hours", hours) % {"n": hours}


def waiting_here(found: Conversation, agent: Agent) -> dict[str, Any]:
    """What waits in one conversation, and what is just being carried out."""
    rows = Approval.objects.filter(conversation=found, state__in=[State.WAITING, State.APPROVED]).select_related("asked_by", "decided_by")
    return {"approvals": [card(one, agent) for one in rows.order_by("pk")]}
