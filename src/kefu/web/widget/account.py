"""In the chat: how a transfer stands now, being told when it changes, and proving the account by the app or the registered mailbox."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.errors import Conflict
from kefu.conversations.models import Conversation, Message
from kefu.conversations.prove import account_of, ask_for_proof
from kefu.exchange.cards import MOST, card, card_of, mentioned
from kefu.exchange.port import Unavailable
from kefu.system import rate
from kefu.text.entities import Entity
from kefu.web.cards import shown
from kefu.web.mailbox_code import send_code
from kefu.web.proofs import try_code, try_mailbox, wait_for, wait_no_more
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of
from kefu.web.widget.acts import panel_again
from kefu.web.widget.talk import mine


@require_safe
@for_visitors
def cards(request: VisitorRequest) -> HttpResponse:
    """How it stands now: one transfer (``txid``), or all that one message of the customer names (``seq``).

    What the assistant's answer shows a card of is not shown again under the question.
    """
    talk, txid, seq = mine(request.visitor, request.GET.get("talk", "")), request.GET.get("txid", "")[:140], request.GET.get("seq", "")
    if not (txid or seq.isdigit()) or rate.exceeded("chat-cards", talk.uid.hex, limit=80, seconds=600):
        return HttpResponse(status=204)
    try:
        uid = account_of(talk)
    except Unavailable:
        uid = ""
    found = [card(txid, uid=uid)] if txid else [card_of(one, uid=uid) for one in _named(talk, int(seq[:9]))]
    waited = set(talk.watches.filter(ended_at__isnull=True).values_list("subject", flat=True))
    shown_cards = [shown(one, waited=one.value in waited) for one in found]
    context = {"cards": shown_cards, "watch_url": "", "talk": talk, "in_chat": True}
    return render(request, "ui/cards.html", context)


def _named(talk: Conversation, seq: int) -> list[Entity]:
    """What one message of the customer names, without what an answer has a card of."""
    said = talk.messages.filter(seq=seq, kind=Message.Kind.CUSTOMER).values_list("body", flat=True).first()
    answered = talk.messages.filter(kind=Message.Kind.BOT, seq__gt=seq, data__has_key="card").values_list("data", flat=True)
    told = {data["card"] for data in answered[:20]}
    return [one for one in mentioned([said or ""], most=MOST) if one.value not in told]


@require_POST
@for_visitors
def watch(request: VisitorRequest) -> HttpResponse:
    """Be told when it changes (``subject``); or no more (``stop``)."""
    talk = mine(request.visitor, request.POST.get("talk", ""))
    if request.POST.get("stop"):
        wait_no_more(talk)
        return panel_again(request)
    return panel_again(request, wait_for(talk, kind=request.POST.get("kind", "transfer"), subject=request.POST.get("subject", "")))


@require_POST
@for_visitors
def proof(request: VisitorRequest) -> HttpResponse:
    """Without a code: show where to type it. With one: a try."""
    talk, code = mine(request.visitor, request.POST.get("talk", "")), request.POST.get("code", "")[:40]
    if not code.strip():
        try:
            if not rate.exceeded("proof-asked", talk.uid.hex, limit=3, seconds=600):
                ask_for_proof(talk)
        except Conflict:
            return panel_again(request, _("Your account is proven already, or the conversation is over."))
        return panel_again(request)
    problem = try_code(talk, code=code, uid=request.POST.get("uid", "")[:32])
    if problem and not request.headers.get("X-Requested-With"):
        return render(request, "widget/proof_refused.html", {"reason": problem, "talk": talk, "audience": "chat"}, status=422)
    return redirect("chat") if not request.headers.get("X-Requested-With") else panel_again(request, problem)


@require_POST
@for_visitors
def mailbox_proof(request: VisitorRequest) -> HttpResponse:
    """With ``email``: a code goes there, and the form asks for it. With ``code`` as well: a try. ``do``: have a ``new`` one sent, or go
    back to ``other`` mailboxes. Scripts get the form alone, so that nothing else in the window moves."""
    talk, posted = mine(request.visitor, request.POST.get("talk", "")), request.POST
    email, code, do = posted.get("email", "").strip()[:254], posted.get("code", "")[:12].strip(), posted.get("do", "")
    who, step, problem = uploader_of(request.visitor), "code", ""
    if do == "other" or talk.is_over:
        step, problem = "address", _("The conversation is over.") if talk.is_over else ""
    elif "code" in posted and do != "new":
        problem = try_mailbox(talk, address=email, code=code, who=who)
        step = "code" if problem else "proven"
    elif problem := send_code(email, who=who):  # also where no account has this mailbox: only its reader learns that
        step = "code" if do == "new" else "address"
    by_script = bool(request.headers.get("X-Requested-With"))
    if step == "proven" and not by_script:
        return redirect("chat")
    context = {
        "talk": talk,
        "talk_uid": talk.uid.hex,
        "step": step,
        "email": email,
        "problem": problem,
        "audience": "chat",
        "by_mailbox": True,
    }
    return render(
        request, "widget/proof_mailbox.html" if by_script else "widget/proof_refused.html", context, status=422 if problem else 200
    )
