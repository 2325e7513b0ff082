"""Proving an account and waiting for the exchange, in the words of customers: shared by the ticket's page and the chat."""

from django.utils.translation import gettext as _

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.models import Conversation
from kefu.conversations.prove import Outcome, account_of, is_proven, prove, prove_by_mailbox, proven_rung
from kefu.conversations.prove_higher import NotPossible, document_check, prove_by_address, text_to_sign
from kefu.conversations.sleep import sleep, stop
from kefu.exchange.port import IdentityCheck, Unavailable
from kefu.people.ladder import Rung
from kefu.web import mailbox_code


def try_code(conversation: Conversation, *, code: str, uid: str) -> str:
    """One try of a code from the app: what went wrong, in words; empty when the account is proven."""
    outcome = prove(conversation, code=code, uid=uid)
    return {
        Outcome.WRONG: _("This code does not fit, or it is too old. Open the app, and type the code that it shows now."),
        Outcome.NO_ACCOUNT: _("Give your UID as well: eight digits, in the app under your name."),
    }.get(outcome) or why_not(outcome)


def try_mailbox(conversation: Conversation, *, address: str, code: str, who: str) -> str:
    """One try of the code from the mail: what went wrong, in words; empty when the account is proven."""
    if not mailbox_code.proves(address, code, who=who):
        return _("This is not the code that we sent, or it is older than ten minutes. Have a new one sent.")
    outcome = prove_by_mailbox(conversation, address)
    if outcome != Outcome.UNAVAILABLE:
        mailbox_code.used(address, who=who)
    if outcome in {Outcome.NO_ACCOUNT, Outcome.WRONG}:
        return _("The mailbox is yours, but it is not the one that is registered with your account. Use that one, or the app’s code.")
    return why_not(outcome)


def why_not(outcome: Outcome) -> str:
    """Why a try proved nothing, where every way of proving says the same; empty when it did."""
    return {
        Outcome.PROVEN: "",
        Outcome.TOO_MANY: _("Too many tries. Wait a quarter of an hour; meanwhile you can go on writing."),
        Outcome.NO_ACCOUNT: _(
            "We do not know your account yet. Sign in, or prove it by a code from the app or to your registered mailbox first."
        ),
        Outcome.NOT_OFFERED: _("The exchange does not offer this way. Use another one."),
        Outcome.UNAVAILABLE: _("The exchange does not answer just now. Try again in a minute; nothing is lost."),
    }[outcome]


def try_address(conversation: Conversation, *, address: str, signature: str) -> str:
    """One try of a signature: what went wrong, in words; empty when the account is proven."""
    outcome = prove_by_address(conversation, address=address, signature=signature)
    if outcome == Outcome.WRONG:
        return _(
            "This does not fit. Sign exactly the text shown here, with an address to which you have withdrawn before. "
            "A new text is shown every hour."
        )
    return why_not(outcome)


def try_document(conversation: Conversation) -> tuple[IdentityCheck | None, str]:
    """The exchange's check as it stands, or why there is none, in words."""
    try:
        return document_check(conversation), ""
    except NotPossible as error:
        return None, why_not(error.outcome)


def check_state(check: IdentityCheck) -> str:
    """How a check of document and face stands, and what to do."""
    return {
        "open": _("It is not finished yet. Open it, and follow the steps there."),
        "review": _("You have done your part; it is being looked at. Look again in some minutes."),
        "passed": _("It was passed."),
        "failed": _("It was not passed. A specialist of the identity team looks at it with you: write below what happened."),
        "expired": _("It has run out. Write below, and we begin a new one."),
    }.get(check.state, check.state)


def proven_words(rung: int) -> str:
    """What a customer did, by the rung to which it led."""
    return {
        Rung.MAILBOX: _("You proved your account by a code to your registered mailbox."),
        Rung.ADDRESS: _("You proved your account by a signature of your withdrawal address."),
        Rung.DOCUMENT: _("You proved your account by the check of document and face."),
    }.get(Rung(rung), _("You proved your account by a code from the app."))


def proof_of(conversation: Conversation) -> dict[str, object]:
    """What the form for the code shows."""
    try:
        account = account_of(conversation)
        known = bool(account)
    except Unavailable:
        account, known = "", True  # whether a UID is needed is said when the code is tried
    happened = conversation.messages.filter(kind="activity", data__what__in=["proof_asked", "document_begun"])
    told = set(happened.values_list("data__what", flat=True))
    proven = is_proven(conversation)
    return {
        "is_proven": proven,
        "proven_at": conversation.proven_at,
        "proven_label": proven_rung(conversation).label if proven else "",
        "has_typed_code": proven and proven_rung(conversation) >= Rung.APP,
        "is_highest": proven and proven_rung(conversation) == Rung.DOCUMENT,
        "has_signed": proven and proven_rung(conversation) >= Rung.ADDRESS,
        "knows_account": known,
        "proof_asked": "proof_asked" in told,
        "document_begun": "document_begun" in told,
        "to_sign": text_to_sign(conversation, account) if account else "",
    }


def wait_for(conversation: Conversation, *, kind: str, subject: str) -> str:
    """The customer wants to be told: why not, in words; empty when we wait."""
    try:
        sleep(conversation, kind=kind, subject=subject[:140])
    except NotAllowed:
        return _("We can only watch what belongs to a proven account. Sign in, or type the code from the app.")
    except Unavailable:
        return _("The exchange does not answer just now. Try again in a minute; nothing is lost.")
    except ValueError:
        return _("There is nothing to wait for.")
    except Conflict as error:
        if error.current == "watched":
            return _("We are watching this already, and tell you as soon as it changes.")
        return _("There is nothing to wait for: it has come to its end.")
    return ""


def wait_no_more(conversation: Conversation) -> None:
    """The customer would rather have a person look."""
    stop(conversation)
