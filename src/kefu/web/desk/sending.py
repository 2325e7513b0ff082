"""Answering: at once in a live talk, else with ten seconds to take it back, or at a moment; never over a changed thread."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.approvals.ask import do
from kefu.approvals.kinds import needed
from kefu.automation.macros import macros_of, unfilled
from kefu.channels.email.keys import goes_out_readable
from kefu.conversations.changed import changed
from kefu.conversations.draft import drop_draft, save_draft
from kefu.conversations.errors import BadRecipient, Conflict, NotAllowed, Refused, TooLong
from kefu.conversations.guard import guard_outgoing
from kefu.conversations.later import hold, send_now, take_back
from kefu.conversations.mentions import unknown_badges
from kefu.conversations.models import Conversation, Draft, Message
from kefu.conversations.note import note as add_note
from kefu.conversations.recipients import Recipients, read_recipients, strangers
from kefu.conversations.reply import mail_address, reply
from kefu.conversations.shield import imitations
from kefu.text.agent_requests import asks_for_secret
from kefu.web.desk import approval_words
from kefu.web.desk.acts import problem
from kefu.web.desk.find import readable, visible
from kefu.web.desk.fragments import shown
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.moments import moment


@require_POST
@for_agents("desk.answer")
def replies(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Answer the customer, or (``mode=note``) write a note for colleagues.

    ``seen``: how far the agent had read; ``sure=1``: send although the thread has changed or somebody new will read it.
    """
    note = request.POST.get("mode") == "note"
    talk = readable(request.agent, uid)[0] if note else visible(request.agent, uid)
    text = request.POST.get("text", "").strip()
    files = tuple(filter(None, request.POST.getlist("file")))[:10]
    if not text and not files:
        return problem(_("Write something first."))
    try:
        if note:
            if request.POST.get("sure") != "1" and (nobody := unknown_badges(text)):
                return _ask(
                    _("Nobody has the badge %(badges)s, so nobody is called. Keep the note as it is?")
                    % {"badges": ", ".join(f"@{one}" for one in nobody)}
                )
            found: Message | Draft = add_note(talk, text, agent=request.agent, client_key=_key(request))
        else:
            if request.POST.get("sure") != "1" and (why := doubts(request, talk)):
                return _ask(why)
            if wish := request.POST.get("approve", ""):
                return _asked(request, talk, wish, text, files)
            found = _answer(request, talk, text, files)
    except (BadRecipient, Refused, TooLong, Conflict, NotAllowed) as error:
        return problem(why_not(error), 409 if isinstance(error, Conflict) else 403 if isinstance(error, NotAllowed) else 422)
    drop_draft(talk, agent=request.agent)
    return _said(request, uid, found)


def doubts(request: AgentRequest, talk: Conversation) -> str:
    """What to ask before this goes out; empty when nothing speaks against it."""
    seen = request.POST.get("seen", "")
    if seen.isdecimal() and len(seen) < 10 and (news := changed(talk, int(seen), agent=request.agent)):
        return what_changed(news)
    if alike := imitations(request.POST.get("text", "")):
        return _("This answer names %(domain)s, which imitates %(official)s. Send it?") % {"domain": alike[0][0], "official": alike[0][1]}
    if (address := mail_address(talk)) and goes_out_readable(talk, address):
        return _("The customer writes encrypted, but no key of theirs is in use: this answer can be read on its way. Send it?")
    if holes := unfilled(request.POST.get("text", "")):
        return _("This still holds %(holes)s, which the customer would read as it stands. Send it?") % {"holes": _(", ").join(holes)}
    new = strangers(talk, _recipients(request))
    if new:
        return _("%(who)s had no part in this so far and will read what is quoted below it. Send it to them?") % {"who": ", ".join(new)}
    return ""


def what_changed(news: list[Message]) -> str:
    """Who wrote while one was writing."""
    language = get_language() or "en"
    names = list(dict.fromkeys(one.agent.label(language) for one in news if one.agent))
    asked = sum(one.kind == Message.Kind.CUSTOMER for one in news)
    parts = [_("%(who)s has answered.") % {"who": "、".join(names) if language.startswith("zh") else ", ".join(names)}] if names else []
    if asked:
        parts.append(ngettext("The customer has written again.", "The customer has written %(n)d more times.", asked) % {"n": asked})
    return _("While you were writing: %(what)s Read it, then decide.") % {"what": " ".join(parts)}


def _answer(request: AgentRequest, talk: Conversation, text: str, files: tuple[str, ...]) -> Message | Draft:
    data = _data(request)
    key, seen = _key(request), request.POST.get("seen", "")
    if there := talk.messages.filter(client_key=key).first():
        return there
    wanted = request.POST.get("at", "")
    at = when(wanted) if wanted else None
    if wanted and at is None:
        raise Conflict("moment")
    read = int(seen) if seen.isdecimal() and len(seen) < 10 else talk.last_seq
    found: Message | Draft
    if talk.stage == Conversation.Stage.NONE or at:
        found = hold(talk, text, agent=request.agent, client_key=key, at=at, seen=read, files=files, data=dict(data))
    else:
        found = reply(talk, text, agent=request.agent, client_key=key, files=files, data=dict(data))
    return found


def _data(request: AgentRequest) -> dict[str, Any]:
    """What goes with an answer: who else reads it, and the macro that it came from, whose actions follow when it has gone out."""
    chosen = request.POST.get("macro", "")
    known = chosen.isdecimal() and len(chosen) < 10 and macros_of(request.agent).filter(pk=chosen).exists()
    return dict(_recipients(request).as_data()) | ({"macro": int(chosen)} if known else {})


def _asked(request: AgentRequest, talk: Conversation, wish: str, text: str, files: tuple[str, ...]) -> HttpResponse:
    """The answer goes out once a second person has agreed; what one sees until then."""
    if wish != "refund" or not needed(wish):
        return problem(_("Answers of this kind need no second person: send it as it is."))
    payload = {"text": guard_outgoing(text), "files": list(files), "data": _data(request)}
    try:
        made = do(wish, talk, payload, reason=request.POST.get("why", ""), by=request.agent, key=_key(request))
    except ValueError:
        return problem(_("Say why it is refunded: the second person reads it."))
    except Conflict as error:
        if error.current != "waiting":
            raise
        return problem(_("An answer waits here for a second person already. Take it back first."), 409)
    drop_draft(talk, agent=request.agent)
    if made is None or not request.headers.get("X-Requested-With"):
        return redirect("desk-conversation", talk.uid)
    return render(request, "desk/approval.html", {"card": approval_words.card(made, request.agent), "in_thread": True})


def when(text: str) -> datetime | None:
    """A named moment, or one that was typed, in the agent's own time zone."""
    if found := moment(text):
        return found
    try:
        typed = parse_datetime(text[:40])
    except ValueError:
        return None
    return make_aware(typed, get_current_timezone()) if typed and is_naive(typed) else typed


@require_POST
@for_agents("desk.answer")
def draft(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Keep what is written so far; the body says what would keep it from being sent, empty when nothing would."""
    seen = request.POST.get("seen", "")
    read = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    text, mode = request.POST.get("text", ""), request.POST.get("mode", "reply")
    talk, guest = readable(request.agent, uid)
    mode = "note" if guest else mode
    save_draft(talk, text, agent=request.agent, mode=mode, seen=read)
    words = asks_for_secret(text) if mode == "reply" else None
    return HttpResponse(why_not_yet(words) if words else "", content_type="text/plain; charset=utf-8")


@require_POST
@for_agents("desk.answer")
def undo(request: AgentRequest, uid: UUID, pk: int) -> HttpResponse:
    """Take an answer back that has not gone out; the body is what was written."""
    talk = visible(request.agent, uid)
    try:
        held = take_back(talk, pk, agent=request.agent)
    except Conflict:
        return problem(_("Too late: it has gone out."), 409)
    if not request.headers.get("X-Requested-With"):
        return redirect("desk-conversation", uid)
    return HttpResponse(held.text, content_type="text/plain; charset=utf-8")


@require_POST
@for_agents("desk.answer")
def at_once(request: AgentRequest, uid: UUID, pk: int) -> HttpResponse:
    """Send what waits for its moment now."""
    try:
        message = send_now(visible(request.agent, uid), pk, agent=request.agent)
    except (Conflict, NotAllowed, Refused, TooLong) as error:
        return problem(why_not(error), 409)
    return _said(request, uid, message)


def why_not_yet(words: str) -> str:
    """While it is being written: what would stop it."""
    return _("This will not be sent as it is: it asks the customer for a secret (“%(words)s”). We never do.") % {"words": words}


def why_not(error: Exception) -> str:
    """Why an answer did not go out, and what to do."""
    if isinstance(error, Refused):
        words = _(
            "Not sent: this asks the customer for a secret (“%(words)s”). We never do; say what you need it for, and ask for something else."
        )
        return words % {"words": error.detail}
    if isinstance(error, TooLong):
        return _("Longer than %(limit)d characters. Shorten it.") % {"limit": error.limit}
    if isinstance(error, BadRecipient):
        return _("“%(address)s” is no mail address.") % {"address": error}
    if isinstance(error, Conflict) and error.current == "moment":
        return _("Choose a moment that is still to come, within a year.")
    if isinstance(error, Conflict) and error.current == "sent":
        return _("Too late: it has gone out.")
    if isinstance(error, Conflict):
        return _("This conversation is closed; reopen it first.")
    return _("A file is not there any more, or you may not answer here.")


def _recipients(request: HttpRequest) -> Recipients:
    return read_recipients(request.POST.get("cc", ""), request.POST.get("bcc", ""))


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:64] or uuid4().hex


def _ask(why: str) -> HttpResponse:
    response = problem(why, 409)
    response["X-Kefu-Ask"] = "1"  # the same again with sure=1 sends it
    return response


def _said(request: AgentRequest, uid: UUID, found: Message | Draft) -> HttpResponse:
    if not request.headers.get("X-Requested-With"):
        return redirect("desk-conversation", uid)
    if isinstance(found, Draft):
        return render(request, "desk/held.html", {"held": found, "me": request.agent, "uid": uid})
    response = HttpResponse(shown(found, get_language() or "en"))
    response["X-Seq"] = str(found.seq)
    return response
