"""/desk/<uid>/account/: the customer's account beside the conversation; every look and every freeze is recorded."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.approvals.ask import do
from kefu.approvals.kinds import Declined, needed
from kefu.conversations.errors import Conflict
from kefu.conversations.models import Conversation
from kefu.conversations.prove import account_of
from kefu.exchange import words
from kefu.exchange.choose import exchange
from kefu.exchange.port import Account, Exchange, NotFound, Unavailable
from kefu.exchange.rights import without
from kefu.exchange.states import MOVING
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.web.desk import labels
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents

REASONS = ("case", "identity", "security")
LONGEST = 300  # characters of a freeze's reason


class CannotShow(Exception):
    """There is no account to show; the text says why, for the agent."""


@require_POST
@for_agents("desk.answer")
def account(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Account, transfers, orders and keys, with the age of what is shown."""
    talk, reason = visible(request.agent, uid), request.POST.get("reason", "")
    if reason not in REASONS:
        return _panel(request, talk, {"problem": _("Say why you look: it is recorded.")})
    try:
        port, account_uid = place(talk)
        looked(request.agent, talk, reason)
        return _panel(request, talk, _facts(port, account_uid, talk, request.agent))
    except CannotShow as why:
        return _panel(request, talk, {"problem": str(why)})


@require_POST
@for_agents("account.freeze")
def freeze(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Ask the exchange to freeze the account, or (``end=1``) to end that; the same conversation asks once, however often it is
    pressed. Where a second person is needed, it waits for one."""
    kind = "unfreeze" if request.POST.get("end") == "1" else "freeze"
    talk, reason = visible(request.agent, uid), request.POST.get("reason", "").strip()[:LONGEST]
    try:
        port, account_uid = place(talk)
        if not reason:
            problem = _("Say why: the customer and the exchange will ask.")
            return _panel(request, talk, _facts(port, account_uid, talk, request.agent) | {"freeze_problem": problem})
        try:
            do(kind, talk, {"account": account_uid}, reason=reason, by=request.agent)
        except (Unavailable, Declined, NotFound, Conflict) as error:
            raise CannotShow(_why_not(kind, error)) from None
        return _panel(request, talk, _facts(port, account_uid, talk, request.agent))
    except CannotShow as why:
        return _panel(request, talk, {"problem": str(why)})


def _why_not(kind: str, error: Exception) -> str:
    """Why nothing happened, loudly: a freeze that did not arrive must not look like one."""
    if isinstance(error, Conflict):
        return _("It is asked for here already, and waits for a second person.")
    if kind == "freeze":
        if isinstance(error, Unavailable):
            return _("The exchange did not answer: the account is NOT frozen. Try again, or call the security team.")
        return _("The exchange declined: the account is NOT frozen. Call the security team.")
    if isinstance(error, Unavailable):
        return _("The exchange did not answer: the account is still frozen. Try again.")
    return _("The exchange does not end a freeze for us: only its own staff can.")


def looked(agent: Agent, talk: Conversation, reason: str) -> None:
    """Every look at a customer's data is on record, with its reason."""
    audit(str(agent), "customer.looked", f"conversation:{talk.number}", reason=reason)


def _panel(request: AgentRequest, talk: Conversation, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        "desk/account.html",
        {
            "talk": talk,
            "can_sleep": talk.stage == Conversation.Stage.NONE and not talk.is_over,
            "may_freeze": may(request.agent, "account.freeze"),
            "freeze_asks": needed("freeze"),
            "unfreeze_asks": needed("unfreeze"),
            "asked": {one.kind for one in talk.approvals.filter(state="waiting")},
            **context,
        },
    )


def place(talk: Conversation) -> tuple[Exchange, str]:
    """The exchange and the customer's account there. Raises CannotShow."""
    port = exchange()
    if port is None:
        raise CannotShow(_("No exchange is connected (KEFU_EXCHANGE_URL)."))
    try:
        account_uid = account_of(talk)
    except Unavailable:
        raise CannotShow(_("The exchange does not answer just now. Try again in a minute.")) from None
    if not account_uid:
        raise CannotShow(_("This customer has not proven an account."))
    return port, account_uid


def _facts(port: Exchange, account_uid: str, talk: Conversation, agent: Agent) -> dict[str, Any]:
    """What the panel shows to this agent. Raises CannotShow."""
    try:
        found, activity = port.account(account_uid), port.activity(account_uid)
    except Unavailable:
        raise CannotShow(_("The exchange does not answer just now. Try again in a minute.")) from None
    except NotFound:
        raise CannotShow(_("The exchange no longer knows this account.")) from None
    hidden = [] if may(agent, "account.all") else settings.EXCHANGE_LEADERS_ONLY
    shown, lately = without(found.value, hidden), without(activity.value, hidden)
    return {
        "account": shown,
        "hidden": words.fields(hidden),
        "kyc": words.kyc_state(shown.kyc.state),
        "kyc_reason": words.kyc_reason(shown.kyc.reason) if shown.kyc.reason else "",
        "deposits": [(d, words.deposit_state(d.state), words.DEPOSIT_TONES.get(d.state, "bad")) for d in lately.deposits],
        "withdrawals": [
            (w, words.withdrawal_state(w.state), words.WITHDRAWAL_TONES.get(w.state, "bad"), words.withdrawal_reason(w.reason))
            for w in lately.withdrawals
        ],
        "orders": [
            (o, words.side(o.side), words.order_state(o.state), words.ORDER_TONES.get(o.state, ""), words.order_reason(o.reason))
            for o in lately.orders
        ],
        "moving": MOVING,
        "keys": [(k, words.api_key_state(k.state), [words.api_permission(code) for code in k.permissions]) for k in lately.api_keys],
        "protections": words.protections(shown.protections),
        "language": labels.language(shown.language) if shown.language else "",
        **_fees(port, account_uid, hidden),
        "fetched_at": min(found.fetched_at, activity.fetched_at),
        "is_stale": found.is_stale or activity.is_stale,
        "risks": risks(talk.signals, shown),
    }


def _fees(port: Exchange, account_uid: str, hidden: Collection[str]) -> dict[str, Any]:
    """What the account pays, in words; nothing where the exchange does not say it."""
    try:
        fees = without(port.fees(account_uid).value, hidden)
    except (NotFound, Unavailable):
        return {}
    rates = [(words.market(one.market), words.per_cent(one.maker), words.per_cent(one.taker)) for one in fees.rates]
    return {"fee_level": fees.level, "rates": rates, "withdrawal_fees": [words.withdrawal_fee(one) for one in fees.withdrawals]}


def risks(signals: list[str], found: Account) -> list[str]:
    """What calls for care, in words."""
    flags = []
    if found.is_frozen:
        flags.append(_("the account is frozen"))
    if found.risk not in {"low", ""}:
        flags.append(_("risk: %(level)s") % {"level": {"medium": _("medium"), "high": _("high")}.get(found.risk, found.risk)})
    if found.withdrawals_blocked_until:
        flags.append(_("withdrawals are blocked"))
    if "takeover" in signals:
        flags.append(_("signs of an account takeover"))
    return flags
