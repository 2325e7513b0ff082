"""Proving an account inside a conversation: by a one-time code that the exchange's own app shows its owner, or, less surely, by
the mailbox that is registered with it (the higher proofs: ``prove_higher``).

The code goes to the exchange and is kept nowhere. What was proven stands with the conversation and fades after a day; each
message keeps for good on which rung its writer stood.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.timezone import now

from kefu.conversations.envelope import Inbound
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, locked
from kefu.conversations.timeline import append_activity
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable
from kefu.people.ladder import Rung, rung_of
from kefu.people.models import Agent, Identity
from kefu.people.permissions import may
from kefu.system import rate
from kefu.system.audit.log import write as audit

LIFE = timedelta(hours=24)
TRIES, SPAN = 5, 900  # tries in so many seconds, in one conversation; and twice as many for one account


class Outcome(StrEnum):
    """How a try ended."""

    PROVEN = "proven"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    NO_ACCOUNT = "no_account"
    NOT_OFFERED = "not_offered"
    UNAVAILABLE = "unavailable"


def is_proven(conversation: Conversation, at: datetime | None = None) -> bool:
    """Whether the account was proven here lately enough; ``proven_rung`` says how surely."""
    return conversation.proven_at is not None and (at or now()) - conversation.proven_at < LIFE


def account_of(conversation: Conversation) -> str:
    """The account of whoever writes here: proven by the app, else by the customer's sign-in or mailbox; empty for none.

    Raises Unavailable.
    """
    return conversation.proven_account if is_proven(conversation) else uid_of(conversation.customer)


def rung_of_conversation(conversation: Conversation, identities: list[Identity]) -> Rung:
    """The highest rung on which this conversation's customer stands just now."""
    found = max([rung_of(one) for one in identities], default=Rung.ANONYMOUS)
    return max(found, proven_rung(conversation)) if is_proven(conversation) else found


def proven_rung(conversation: Conversation) -> Rung:
    """To which rung the proof in this conversation led; look at ``is_proven`` first."""
    return Rung(conversation.proven_rung or Rung.APP)


def rung_of_sender(conversation: Conversation, identity: Identity, inbound: Inbound) -> Rung:
    """The rung on which the writer of one message stands. A mail proves its mailbox only where its domain vouches for it,
    a link no more than the mailbox to which it was sent; the app's word holds for what is written on our own pages."""
    if inbound.channel == "email":
        vouched = inbound.about.get("mail", {}).get("proof", {}).get("dmarc") == "pass"
        return Rung.MAILBOX if vouched else Rung.ANONYMOUS
    found = min(rung_of(identity), Rung.MAILBOX) if inbound.about.get("by_link") else rung_of(identity)
    return max(found, proven_rung(conversation)) if is_proven(conversation) else found


def ask_for_proof(conversation: Conversation, *, by: Agent | None = None, wanted: Rung = Rung.APP) -> Conversation:
    """Show the customer how to prove the account, up to the rung that is wanted. Raises NotAllowed, and Conflict when it is over or
    proven so far."""
    if by is not None and not may(by, "desk.answer"):
        raise NotAllowed("desk.answer")
    with locked(conversation) as c:
        if c.is_over or (is_proven(c) and proven_rung(c) >= wanted):
            raise Conflict(c.status if c.is_over else "proven")
        append_activity(c, "proof_asked", public=True, agent=by, rung=int(max(wanted, Rung.APP)))
        c.save(update_fields=["last_seq"])
        record(c, EventKind.PROOF_ASKED, by="agent" if by else "customer")
    return c


def prove(conversation: Conversation, *, code: str, uid: str = "") -> Outcome:
    """One try. ``uid`` counts only where the customer's account is not known by other means."""
    port = exchange()
    if port is None:
        return Outcome.UNAVAILABLE
    try:
        account = uid_of(conversation.customer) or _digits(uid)
        if not account:
            return Outcome.NO_ACCOUNT
        if exceeded(conversation, account):
            return Outcome.TOO_MANY
        typed = _digits(code)
        right = 6 <= len(typed) <= 10 and port.confirms(account, code=typed, conversation=conversation.number or "").value
    except NotFound:
        right = False
    except Unavailable:
        return Outcome.UNAVAILABLE
    if not right:
        return Outcome.WRONG
    keep_proof(conversation, account, Rung.APP)
    return Outcome.PROVEN


def prove_by_mailbox(conversation: Conversation, address: str) -> Outcome:
    """Whoever writes here has just shown to read ``address``: it proves the account with which it is registered, if that is the
    one that is known here already, or none is. Only its reader learns whether an account is registered with a mailbox."""
    port = exchange()
    if port is None:
        return Outcome.UNAVAILABLE
    try:
        known = account_of(conversation)
        account = port.uid_of(address.lower()).value
    except NotFound:
        return Outcome.NO_ACCOUNT
    except Unavailable:
        return Outcome.UNAVAILABLE
    if known and known != account:
        return Outcome.WRONG
    keep_proof(conversation, account, Rung.MAILBOX)
    return Outcome.PROVEN


def keep_proof(conversation: Conversation, account: str, rung: Rung) -> None:
    """The account is proven here up to this rung, from now on for a day. A lower proof takes nothing from a higher one."""
    with locked(conversation) as c:
        if is_proven(c) and c.proven_account == account and proven_rung(c) > rung:
            return
        c.proven_account, c.proven_at, c.proven_rung = account, now(), int(rung)
        append_activity(c, "proven", public=True, rung=int(rung))
        c.save(update_fields=["proven_account", "proven_at", "proven_rung", "last_seq"])
        audit("customer", "account.proven", f"conversation:{c.number}", account=account, rung=int(rung))
        record(c, EventKind.PROVEN)


def exceeded(conversation: Conversation, account: str) -> bool:
    """Too many tries; said once to those who work on the case, because it may be somebody who guesses."""
    here = rate.exceeded("app-code", conversation.uid.hex, limit=TRIES, seconds=SPAN)
    there = rate.exceeded("app-code-of", account, limit=2 * TRIES, seconds=SPAN)
    if (here or there) and not rate.exceeded("app-code-told", conversation.uid.hex, limit=1, seconds=SPAN):
        with locked(conversation) as c:
            append_activity(c, "proof_failed", tries=TRIES)
            c.save(update_fields=["last_seq"])
            record(c, EventKind.PROOF_FAILED)
    return here or there


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")[:32]
