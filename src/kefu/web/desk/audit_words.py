"""What the audit log writes in codes, in words: acts, what they were done to, their details, and those who are no colleagues."""

from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kefu.people.models import RoleRule
from kefu.web.desk import staff_words

ACTS: dict[str, Any] = {
    "account.factor_added": _("Second factor added"),
    "account.factor_removed": _("Second factor removed"),
    "account.frozen": _("Account frozen"),
    "account.password_changed": _("Password changed"),
    "account.proven": _("Customer proved the account"),
    "account.unfrozen": _("Account unfrozen"),
    "agent.changed": _("Colleague changed"),
    "agent.created": _("Colleague invited"),
    "agent.invited": _("Invitation sent again"),
    "agent.left": _("Access ended"),
    "agent.second_factor_removed": _("Lost second factor removed"),
    "agent.sessions_ended": _("Colleague signed out"),
    "agent.taken_back": _("Colleague taken back"),
    "approval.approved": _("Second person approved"),
    "approval.asked": _("Second person asked"),
    "approval.declined": _("Second person declined"),
    "approval.done": _("Approved act carried out"),
    "approval.expired": _("No second person came in time"),
    "approval.failed": _("Approved act could not be carried out"),
    "approval.rule": _("Rule for second persons changed"),
    "approval.withdrawn": _("Wish for a second person taken back"),
    "article.about_changed": _("What an article is about was changed"),
    "article.created": _("Article begun"),
    "article.planned": _("Article planned for later"),
    "article.published": _("Article published"),
    "article.review_asked": _("Article given for review"),
    "article.withdrawn": _("Article withdrawn"),
    "bulk.started": _("Action on many started"),
    "bulk.undone": _("Action on many undone"),
    "checklist.passed": _("Open check-list passed over"),
    "conversation.binned": _("Conversation put into the bin"),
    "conversation.let_in": _("Colleague let into a conversation"),
    "conversation.let_out": _("Colleague taken out of a conversation"),
    "conversation.restored": _("Conversation taken out of the bin"),
    "conversation.reviewed": _("Conversation reviewed"),
    "customer.blocked": _("Customer blocked"),
    "customer.key": _("Customer's PGP key"),
    "customer.looked": _("Looked at a customer's account"),
    "delivery.now": _("Answer sent again at once"),
    "identity.verified": _("Customer named by the host site"),
    "incident.answered": _("Everybody in an incident answered"),
    "incident.opened": _("Incident opened"),
    "incident.post_mortem": _("Post-mortem linked"),
    "incident.told": _("State of an incident told"),
    "mail.downloaded": _("Original mail downloaded"),
    "mail.replayed": _("Mail read again"),
    "mail.put_aside": _("Mail put aside"),
    "mail.taken_back": _("Mail taken back"),
    "mailbox.backfill": _("Older mail fetched"),
    "mailbox.backfill_stopped": _("Fetching of older mail stopped"),
    "mailbox.consent": _("Mailbox connected at its provider"),
    "mailbox.consent_asked": _("Right to a mailbox asked for"),
    "mailbox.consent_given_back": _("Right to a mailbox given back"),
    "mailbox.consent_lost": _("Right to a mailbox lost"),
    "mailbox.consent_refused": _("Right to a mailbox refused"),
    "mailbox.key_made": _("PGP key of a mailbox made"),
    "mailbox.key_removed": _("PGP key of a mailbox removed"),
    "mailbox.saved": _("Mailbox saved"),
    "proposal.accepted": _("Example question accepted"),
    "proposal.dismissed": _("Example question dismissed"),
    "rule.removed": _("Rule removed"),
    "rule.saved": _("Rule saved"),
    "rules.imported": _("Rules imported"),
    "staff.sign_in_rules": _("What roles must show at sign-in"),
    "team.changed": _("Team changed"),
    "team.created": _("Team made"),
    "team.removed": _("Team removed"),
    "verify": _("“Is it really us?” asked"),
}
THINGS: dict[str, Any] = {
    "announcements": _("Announcement"),
    "calendars": _("Working hours"),
    "contacts": _("Official contact"),
    "flows": _("Guided flow"),
    "terms": _("Glossary term"),
    "topics": _("Topic"),
}
CHANGES: dict[str, Any] = {
    "made": _("%(thing)s made"),
    "changed": _("%(thing)s changed"),
    "removed": _("%(thing)s removed"),
    "taken_back": _("Change of %(thing)s taken back"),
}
SUBJECTS: dict[str, Any] = {
    "agent": _("Colleague"),
    "approval": _("Act"),
    "article": _("Article"),
    "bulk": _("Action on many"),
    "conversation": _("Conversation"),
    "customer": _("Customer"),
    "delivery": _("Delivery"),
    "incident": _("Incident"),
    "key": _("Key"),
    "mail": _("Mail"),
    "mailbox": _("Mailbox"),
    "proposal": _("Example question"),
    "rule": _("Rule"),
    "team": _("Team"),
}
DETAILS: dict[str, Any] = {
    "agreed_by": _("Agreed by"),
    "account": _("Account"), "actions": _("Actions"), "active": _("In use"), "address": _("Address"), "agent": _("Colleague"),
    "asked_by": _("Asked by"), "changes": _("Changes"), "conversations": _("Conversations"), "count": _("Number"),
    "fetched": _("Fetched"), "fingerprint": _("Fingerprint"), "flow": _("Way"), "hand_out": _("Handing out"),
    "hours": _("Hours"), "items": _("Points"), "kind": _("Kind"), "members": _("Members"), "name": _("Name"),
    "needed": _("Needed"), "problem": _("Problem"), "proposal": _("Example question"), "provider": _("Provider"),
    "reason": _("Reason"), "role": _("Role"), "rung": _("Rung"), "score": _("Score"), "sessions": _("Sessions"),
    "since": _("Since"), "source": _("Source"), "state": _("State"), "told": _("Told"), "unblocked": _("Unblocked"),
    "was": _("Before"), "what": _("What"), "why": _("Why"),
}  # fmt: skip
# Who writes without being a colleague.
OTHERS: dict[str, Any] = {
    "command line": _("Command line"),
    "customer": _("Customer"),
    "host site": _("Host site"),
    "system": _("Kefu itself"),
    "visitor": _("Visitor"),
}


@cache
def codes() -> tuple[str, ...]:
    """Every act that has words."""
    return (*ACTS, *(f"{thing}.{change}" for thing in THINGS for change in CHANGES))


def act(code: str) -> str:
    """An act in words; the code itself for one that no version of ours writes."""
    thing, _dot, change = code.partition(".")
    if code in ACTS:
        return str(ACTS[code])
    return str(CHANGES[change]) % {"thing": THINGS[thing]} if thing in THINGS and change in CHANGES else code


def choices() -> list[tuple[str, str]]:
    """All acts to choose from, in the order of their words."""
    return sorted(((code, act(code)) for code in codes()), key=lambda one: one[1])


def meant(text: str) -> list[str]:
    """The acts whose words hold ``text``."""
    low = text.casefold()
    return [code for code in codes() if low in act(code).casefold()]


def who(name: str) -> str:
    """“Ann · 2041” as it is; what is no person in words."""
    return str(OTHERS.get(name, name))


def subject(text: str) -> tuple[str, str]:
    """What an act was done to: the kind in words (or nothing), and which one."""
    kind, colon, which = text.partition(":")
    return (str(SUBJECTS[kind]), which) if colon and kind in SUBJECTS else ("", text)


def detail(code: str, values: dict[str, Any]) -> str:
    """The details of an act in one line: “Reason: lost phone · Sessions: 2”."""
    if code == "staff.sign_in_rules":
        needs = {one.value: str(one.label) for one in RoleRule.Needs}
        named = {staff_words.role(role): needs.get(value, value) for role, value in values.items()}
    else:
        named = {str(DETAILS.get(name, name)): _value(value) for name, value in values.items()}
    return " · ".join(f"{name}{gettext(': ')}{words}" for name, words in named.items())[:400]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return gettext(", ").join(f"{name} {_value(one)}" for name, one in value.items())
    return gettext(", ").join(map(_value, value)) if isinstance(value, list) else str(value)
