"""The two proofs above the app's code, both checked by the exchange: a signature by an address to which the account has
withdrawn for some time, and the exchange's own check of document and face. Kefu keeps that it was proven, and nothing of it."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from kefu.conversations.models import Conversation, locked
from kefu.conversations.prove import Outcome, account_of, exceeded, keep_proof
from kefu.conversations.timeline import append_activity
from kefu.exchange.choose import exchange
from kefu.exchange.port import IdentityCheck, NotFound, Unavailable
from kefu.people.ladder import Rung
from kefu.system import rate

WINDOW = timedelta(hours=1)  # a text may be signed until the end of the next one
LOOKS, SPAN = 20, 900  # looks at a check in so many seconds


class NotPossible(Exception):
    """There is no check; ``outcome`` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


def text_to_sign(conversation: Conversation, account: str, *, at: datetime | None = None) -> str:
    """What the customer's wallet signs: bound to the conversation, the account and the hour, so that a signature given for
    something else, or overheard, proves nothing here. English and one line: wallets show it letter for letter."""
    hour = (at or now()).strftime("%Y-%m-%d %H:00 UTC")
    bound = salted_hmac("kefu.proof.address", f"{conversation.uid.hex} {account} {hour}", algorithm="sha256").hexdigest()[:16]
    return f"I own account {account} and prove it to its support. Ticket {conversation.number}, {hour}, {bound}"


def prove_by_address(conversation: Conversation, *, address: str, signature: str) -> Outcome:
    """One try. Only an account that is known by other means can be proven so: whose address would it be else?"""
    port = exchange()
    try:
        account = account_of(conversation) if port else ""
        if port is None or not account:
            return Outcome.NO_ACCOUNT if port else Outcome.UNAVAILABLE
        if exceeded(conversation, account):
            return Outcome.TOO_MANY
        given = {"address": address.strip(), "signature": signature.strip(), "conversation": conversation.number or ""}
        texts = [text_to_sign(conversation, account, at=now() - age) for age in (timedelta(), WINDOW)]
        right = all((given["address"], given["signature"])) and any(port.signed(account, text=text, **given).value for text in texts)
    except NotFound:
        return Outcome.NOT_OFFERED
    except Unavailable:
        return Outcome.UNAVAILABLE
    if not right:
        return Outcome.WRONG
    keep_proof(conversation, account, Rung.ADDRESS)
    return Outcome.PROVEN


def document_check(conversation: Conversation) -> IdentityCheck:
    """The exchange's check for this conversation: begun by the first call, and how it stands by later ones; one that was passed
    counts at once. Raises NotPossible."""
    port = exchange()
    try:
        account = account_of(conversation) if port else ""
        if port is None or not account:
            raise NotPossible(Outcome.NO_ACCOUNT if port else Outcome.UNAVAILABLE)
        if rate.exceeded("identity-check", conversation.uid.hex, limit=LOOKS, seconds=SPAN):
            raise NotPossible(Outcome.TOO_MANY)
        check = port.identity_check(account, conversation=conversation.number or "").value
    except NotFound:
        raise NotPossible(Outcome.NOT_OFFERED) from None
    except Unavailable:
        raise NotPossible(Outcome.UNAVAILABLE) from None
    if check.state == "passed":
        keep_proof(conversation, account, Rung.DOCUMENT)
    else:
        _note(conversation, check.state)
    return check


def is_begun(conversation: Conversation) -> bool:
    """Whether a check was begun here."""
    return conversation.messages.filter(kind="activity", data__what="document_begun").exists()


def _note(conversation: Conversation, state: str) -> None:
    """The case's people read once that a check was begun, and once that it was not passed."""
    wanted = ["document_begun", *(["document_failed"] if state in {"failed", "expired"} else [])]
    with locked(conversation) as c:
        known = set(c.messages.filter(kind="activity", data__what__in=wanted).values_list("data__what", flat=True))
        for what in wanted:
            if what not in known:
                append_activity(c, what, public=what == "document_begun")
        c.save(update_fields=["last_seq"])
