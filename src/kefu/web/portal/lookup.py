"""/lookup/: look it up yourself before you ask: a deposit, a withdrawal, the state of the identity check."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.exchange import words
from kefu.exchange.cards import cards
from kefu.exchange.choose import exchange, uid_of
from kefu.exchange.port import NotFound, Unavailable
from kefu.system import rate
from kefu.web.cards import shown
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of

TRANSFERS = {"deposit", "withdrawal"}
KYC_TONES = {"approved": "ok", "pending": "warn", "rejected": "bad", "expired": "bad"}


@require_safe
@for_visitors
def lookup(request: VisitorRequest, kind: str) -> HttpResponse:
    """A transfer by its txid (``?txid=``), or the account's identity check. A fragment for htmx, a page for everybody else."""
    if kind not in {*TRANSFERS, "verification"}:
        raise Http404
    context = _identity(request) if kind == "verification" else _transfer(request)
    template = "portal/found.html" if request.headers.get("HX-Request") else "portal/lookup.html"
    return render(request, template, {"kind": kind, "heading": _heading(kind), **context})


def _heading(kind: str) -> str:
    return {"deposit": _("Find a deposit"), "withdrawal": _("Track a withdrawal"), "verification": _("Verification status")}[kind]


def _transfer(request: VisitorRequest) -> dict[str, Any]:
    typed = request.GET.get("txid", "").strip()[:300]
    if not typed:
        return {"typed": ""}
    if rate.exceeded("check", uploader_of(request.visitor), limit=30, seconds=60):
        return {"typed": typed, "problem": _("Too many attempts. Wait a minute and try again.")}
    found = [shown(card) for card in cards(typed, uid=_uid(request))]
    problem = (
        ""
        if found
        else _("This is no transaction hash. It has 64 letters and digits (Solana: about 88) and stands in the sender’s record.")
    )
    return {"typed": typed, "cards": found, "problem": problem}


def _identity(request: VisitorRequest) -> dict[str, Any]:
    uid, port = _uid(request), exchange()
    if not uid:
        return {"needs_account": True}
    try:
        kyc = port.account(uid).value.kyc if port else None
    except (NotFound, Unavailable):
        kyc = None
    if kyc is None:
        return {"problem": _("The exchange does not answer just now. Try again in a few minutes, or ask us.")}
    return {
        "kyc": kyc,
        "state": words.kyc_state(kyc.state),
        "tone": KYC_TONES.get(kyc.state, ""),
        "reason": words.kyc_reason(kyc.reason) if kyc.reason else "",
        "missing": [words.kyc_missing(code) for code in kyc.missing],
    }


def _uid(request: VisitorRequest) -> str:
    """The account that this visitor has proven to be theirs, or nothing."""
    customer = request.visitor.customer()
    try:
        return uid_of(customer) if customer else ""
    except Unavailable:
        return ""
