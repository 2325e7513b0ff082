"""POST /desk/<uid>/account/: the customer's account beside the conversation; every look is recorded with its reason."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.exchange import words
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable
from kefu.system.audit.log import write as audit
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents

REASONS = ("case", "identity", "security")


@require_POST
@for_agents("desk.answer")
def account(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Account, transfers, orders and keys, with the age of what is shown."""
    talk, reason = visible(request.agent, uid), request.POST.get("reason", "")
    if reason not in REASONS:
        return render(request, "desk/account.html", {"problem": _("Say why you look: it is recorded."), "talk": talk})
    port = exchange()
    if port is None:
        return render(request, "desk/account.html", {"problem": _("No exchange is connected (KEFU_EXCHANGE_URL)."), "talk": talk})
    try:
        account_uid = uid_of(talk.customer)
        if not account_uid:
            return render(request, "desk/account.html", {"problem": _("This customer has not proven an account."), "talk": talk})
        audit(str(request.agent), "customer.looked", f"conversation:{talk.number}", reason=reason)
        found, activity = port.account(account_uid), port.activity(account_uid)
    except Unavailable:
        return render(
            request, "desk/account.html", {"problem": _("The exchange does not answer just now. Try again in a minute."), "talk": talk}
        )
    except NotFound:
        return render(request, "desk/account.html", {"problem": _("The exchange no longer knows this account."), "talk": talk})
    context = {
        "talk": talk,
        "account": found.value,
        "kyc": words.kyc_state(found.value.kyc.state),
        "kyc_reason": words.kyc_reason(found.value.kyc.reason) if found.value.kyc.reason else "",
        "deposits": [(d, words.deposit_state(d.state), words.DEPOSIT_TONES.get(d.state, "bad")) for d in activity.value.deposits],
        "withdrawals": [
            (w, words.withdrawal_state(w.state), words.WITHDRAWAL_TONES.get(w.state, "bad")) for w in activity.value.withdrawals
        ],
        "orders": activity.value.orders,
        "keys": activity.value.api_keys,
        "fetched_at": min(found.fetched_at, activity.fetched_at),
        "is_stale": found.is_stale or activity.is_stale,
        "risks": risks(talk.signals, found.value),
    }
    return render(request, "desk/account.html", context)


def risks(signals: list[str], found) -> list[str]:  # type: ignore[no-untyped-def]
    """What calls for care, in words."""
    flags = []
    if found.is_frozen:
        flags.append(_("the account is frozen"))
    if found.risk != "low":
        flags.append(_("risk: %(level)s") % {"level": {"medium": _("medium"), "high": _("high")}.get(found.risk, found.risk)})
    if found.withdrawals_blocked_until:
        flags.append(_("withdrawals are blocked"))
    if "takeover" in signals:
        flags.append(_("signs of an account takeover"))
    return flags
