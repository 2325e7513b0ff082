"""What the exchange says, in words for people: one place for chat, forms and desk."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kefu.exchange.port import Deposit, Network, Withdrawal, WithdrawalFee

DEPOSIT_TONES = {"credited": "ok", "confirming": "warn", "unseen": "warn", "paused": "warn"}
ORDER_TONES = {
    "filled": "ok",
    "open": "",
    "partly_filled": "warn",
    "cancelled": "",
    "rejected": "bad",
    "liquidated": "bad",
    "reduced": "warn",
}
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


def transfer(facts: Deposit | Withdrawal | None, state: str) -> tuple[str, str]:
    """A transfer's state, and what its owner does next."""
    if isinstance(facts, Withdrawal):
        return withdrawal_state(state), withdrawal_advice(state)
    if state == "unknown":
        return _("not seen here yet"), ""
    return deposit_state(state), deposit_advice(state)


def transfer_state(state: str) -> str:
    """A transfer's state where it is not known whether it came in or went out: no word is used for both."""
    known = deposit_state(state)
    return transfer(None, state)[0] if known != state or state == "unknown" else withdrawal_state(state)


def order_state(state: str) -> str:
    return {
        "open": _("still open"),
        "partly_filled": _("partly filled"),
        "filled": _("filled"),
        "cancelled": _("cancelled"),
        "rejected": _("rejected"),
        "liquidated": _("liquidated"),
        "reduced": _("reduced by auto-deleveraging"),
    }.get(state, state)


def order_reason(code: str) -> str:
    """Why an order ended as it did, and what to look at; empty where there is nothing to say."""
    return {
        "min_notional": _("It was smaller than the least that this pair takes."),
        "margin_below_maintenance": _("The margin fell below what must be kept for the position."),
        "auto_deleveraging": _("The position was reduced against one that was liquidated."),
        "insufficient_balance": _("The balance was not enough."),
    }.get(code, "")


def withdrawal_reason(code: str) -> str:
    """Why a withdrawal is where it is; the code itself where there is no word for it."""
    return {
        "large_amount": _("large amount, checked by hand"),
        "address_flagged": _("the address is flagged"),
        "new_address": _("the address is new"),
        "by_customer": _("by the customer"),
    }.get(code, code)


def side(code: str) -> str:
    return {"buy": _("buy"), "sell": _("sell")}.get(code, code)


def protections(codes: Iterable[str]) -> list[str]:
    """What protects an account, in words."""
    known = {"passkey": _("passkey"), "totp": _("authenticator"), "anti_phishing": _("anti-phishing code"), "sms": _("SMS code")}
    return [known.get(code, code) for code in codes]


def api_permission(code: str) -> str:
    return {"read": _("read"), "trade": _("trade"), "withdraw": _("withdraw"), "transfer": _("transfer")}.get(code, code)


def api_key_state(state: str) -> str:
    return {"active": _("active"), "expired": _("expired"), "disabled": _("switched off")}.get(state, state)


def network_state(one: Network) -> str:
    """What is shut on a network; empty where nothing is."""
    shut = [] if one.deposits_open else [_("deposits suspended")]
    shut += [] if one.withdrawals_open else [_("withdrawals suspended")]
    return " · ".join(shut)


def network_facts(one: Network) -> str:
    """What holds on a network, in one line."""
    said = [_("at least %(amount)s %(coin)s") % {"amount": f"{one.minimum.normalize():f}", "coin": one.coin}]
    said.append(ngettext("%(n)d confirmation", "%(n)d confirmations", one.confirmations) % {"n": one.confirmations})
    said += [_("memo or tag needed")] if one.needs_memo else []
    said += [state] if (state := network_state(one)) else []
    return " · ".join(said)


def network_warnings(one: Network) -> list[str]:
    """What needs care on a network, in sentences."""
    said = []
    if not one.deposits_open:
        said.append(
            _("Deposits on this network are suspended. What was sent is not lost: it is credited when they open again. Do not send more.")
        )
    if not one.withdrawals_open:
        said.append(_("Withdrawals on this network are suspended. They go on by themselves when it opens again."))
    if one.needs_memo:
        said.append(_("This coin needs a memo or tag. If it was missing, say so: a specialist can assign the deposit."))
    return said


def amount_of(facts: Deposit | Withdrawal) -> str:
    """How much of what, on which network, as people write it."""
    return f"{facts.amount.normalize():f} {facts.coin} · {facts.network}"


def market(code: str) -> str:
    return {
        "spot": _("Spot"),
        "margin": _("Margin"),
        "perpetual": _("Perpetual"),
        "delivery": _("Delivery"),
        "options": _("Options"),
    }.get(code, code)


def per_cent(rate: Decimal) -> str:
    """A rate as people write it: 0.1 %, without zeros that say nothing."""
    return f"{rate.normalize() + 0:f}%"


def withdrawal_fee(one: WithdrawalFee) -> dict[str, str]:
    """Its parts as people write them."""
    return {
        "coin": one.coin,
        "network": one.network,
        "fee": f"{one.fee.normalize():f}",
        "minimum": f"{one.minimum.normalize():f}",
    }


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
        "fees.rates": _("trading fees"),
        "fees.withdrawals": _("withdrawal fees"),
    }
    return [found.get(name, name) for name in names]
