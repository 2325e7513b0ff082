"""What the exchange says, in words for people: one place for chat, forms and desk."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

DEPOSIT_TONES = {"credited": "ok", "confirming": "warn", "unseen": "warn", "paused": "warn"}
WITHDRAWAL_TONES = {"completed": "ok", "broadcast": "warn", "review": "warn", "processing": "warn", "locked": "warn"}


def deposit_state(state: str) -> str:
    return {
        "unseen": _("not on the chain yet"),
        "confirming": _("being confirmed"),
        "credited": _("credited"),
        "below_minimum": _("below the minimum"),
        "wrong_network": _("wrong network"),
        "missing_memo": _("memo missing"),
        "paused": _("deposits are paused"),
        "returned": _("sent back"),
    }.get(state, state)


def deposit_advice(state: str) -> str:
    """What the owner of a deposit does next."""
    return {
        "unseen": _("The sending side has not sent it to the chain. Ask them; once it is there, it arrives by itself."),
        "confirming": _("This is the normal course; it is credited by itself. You need not send a ticket."),
        "credited": _("It is in your account already: see Assets → Deposit history."),
        "below_minimum": _("It is less than the minimum of this coin and is not credited by itself. Send the rest to the same address."),
        "wrong_network": _("It was sent on another network. A specialist must look at it: send the ticket."),
        "missing_memo": _("The memo was missing, so it could not be matched. A specialist can assign it: send the ticket."),
        "paused": _("Deposits of this network are paused; it is credited when they open again."),
        "returned": _("It was sent back to where it came from."),
    }.get(state, "")


def withdrawal_state(state: str) -> str:
    return {
        "review": _("under review"),
        "processing": _("being sent"),
        "broadcast": _("on the chain"),
        "completed": _("completed"),
        "rejected": _("rejected"),
        "cancelled": _("cancelled"),
        "locked": _("address locked"),
    }.get(state, state)


def withdrawal_advice(state: str) -> str:
    return {
        "review": _("It is being checked; at most 24 hours. You can cancel it meanwhile."),
        "processing": _("It is about to be sent, usually within 30 minutes."),
        "broadcast": _("It is on the chain and arrives when it is confirmed."),
        "completed": _("It arrived at the address. If the other side does not show it, give them the TxID."),
        "rejected": _("It was refused and the amount is back in your balance."),
        "cancelled": _("It was cancelled and the amount is back in your balance."),
        "locked": _("The address is new: it can be used 24 hours after it was added."),
    }.get(state, "")


def kyc_state(state: str) -> str:
    return {
        "none": _("not verified"),
        "pending": _("under review"),
        "approved": _("approved"),
        "rejected": _("rejected"),
        "expired": _("expired"),
    }.get(state, state)


def kyc_reason(code: str) -> str:
    return {
        "document_blurry": _("the photo of the document is blurred or cut off"),
        "name_mismatch": _("the name does not match the document"),
        "document_in_use": _("the document is used by another account"),
        "face_mismatch": _("the face check did not match"),
        "document_expired": _("the document has expired"),
    }.get(code, code)


def kyc_missing(code: str) -> str:
    return {
        "name": _("your name as in the document"),
        "document": _("new photos of the document, all four corners, sharp, without glare"),
        "selfie": _("a new face check"),
    }.get(code, code)


def fields(names: Iterable[str]) -> list[str]:
    """What these fields of the port hold (see ``rights``); the name itself where there is no word for it."""
    found = {
        "account.email": _("mailbox"),
        "account.country": _("country"),
        "account.manager": _("manager"),
        "account.risk": _("risk"),
        "account.protections": _("protections"),
        "activity.deposits": _("deposits"),
        "activity.withdrawals": _("withdrawals"),
        "activity.orders": _("orders"),
        "activity.api_keys": _("API keys"),
    }
    return [found.get(name, name) for name in names]
