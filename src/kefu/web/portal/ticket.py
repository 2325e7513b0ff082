"""A ticket's page: how it stands, what was said, and what its customer can do."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.conversations.escalate import HIGHEST
from kefu.conversations.files import signed_address
from kefu.conversations.links import status_address
from kefu.conversations.message_code import code_of
from kefu.conversations.models import Conversation, Delivery, Message
from kefu.conversations.reply import mail_address
from kefu.incidents.subscribe import subscription_of
from kefu.people.ladder import Rung
from kefu.people.models import Identity
from kefu.sla.answer_by import answer_by
from kefu.surveys.models import Rating
from kefu.web.cards import entities_of, waits, what_of
from kefu.web.portal.access import TicketRequest, for_holders
from kefu.web.portal.words import rung, state_of, way_of
from kefu.web.proofs import proof_of, proven_words
from kefu.web.transcripts import masked
from kefu.web.ui.messages import message_html

SPOKEN = (Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT)


@require_safe
@for_holders
def ticket(request: TicketRequest) -> HttpResponse:
    """The page as it stands."""
    return show(request)


def show(request: TicketRequest, *, problem: str = "", **typed: str) -> HttpResponse:
    """The page, with what went wrong and everything that was typed."""
    found, language = request.ticket, get_language() or "en"
    mail = found.customer.identities.filter(kind=Identity.Kind.EMAIL).first()
    context: dict[str, Any] = {
        "ticket": found,
        "address": status_address(found),
        "state": state_of(found),
        "answer_by": answer_by(found),
        "way": way_of(found),
        "entries": entries(found, language),
        "facts": facts(found, language),
        "reply_to": masked(mail.address) if mail else "",
        "gets_mail": bool(mail_address(found)),
        "came_back": came_back(found),
        "assignee": found.assignee.label(language) if found.assignee else "",
        "team": found.team.label(language) if found.team else "",
        "rung": rung(found.level),
        "next_rung": rung(found.level + 1) if found.level < HIGHEST else "",
        "rating": getattr(found, "rating", None),
        "chosen": chosen(request, found),
        "reasons": Rating.Reason.choices,
        "answered": found.first_replied_at is not None or any(entry["who"] == "bot" for entry in entries(found, language)),
        "mentions": bool(entities_of(found)),
        "waits": waits(found),
        "told_of": subscription_of(found),
        **_incident(found, language),
        **proof_of(found),
        "key": uuid4().hex,
        "problem": problem,
        **typed,
    }
    return render(request, "portal/ticket.html", context, status=422 if problem or typed.get("proof_problem") else 200)


def _incident(found: Conversation, language: str) -> dict[str, Any]:
    """The open incident to which the ticket belongs, of which its customer may be told the end."""
    if found.incident is None or not found.incident.is_open:
        return {}
    return {"incident_title": found.incident.title(language)}


def came_back(found: Conversation) -> str:
    """The mailbox, masked, from which our last answer came back; "" where the last one did not fail."""
    last = Delivery.objects.filter(message__conversation=found, channel="email").exclude(state=Delivery.State.HELD).order_by("-pk").first()
    return masked(last.address) if last and last.state == Delivery.State.FAILED else ""


def chosen(request: TicketRequest, found: Conversation) -> int:
    """The score that is marked: the one given, or the one whose link in a mail was pressed. Pressing alone gives none:
    programs that look at links in mails press them all.
    """
    pressed = request.GET.get("score", "")
    if pressed.isdecimal() and 1 <= int(pressed[:2]) <= 5:
        return int(pressed[:2])
    rating = getattr(found, "rating", None)
    return rating.score if rating else 0


def entries(found: Conversation, language: str) -> list[dict[str, Any]]:
    """The timeline as its customer sees it: what was said, and what happened in public."""
    rows = found.messages.select_related("agent").prefetch_related("attachments").order_by("seq")
    return [_entry(message, language) for message in rows if message.is_public and (message.kind in SPOKEN or _happened(message, language))]


def _entry(message: Message, language: str) -> dict[str, Any]:
    files = [{"name": a.name, "size": a.size, "url": signed_address(a), "is_image": a.is_image} for a in message.attachments.all()]
    return {
        "who": str(message.kind),
        "name": message.agent.label(language) if message.agent else "",
        "badge": message.agent.badge if message.agent else "",
        "code": code_of(message) if message.agent else "",
        "at": message.created,
        "html": message_html(message.body) if message.kind in SPOKEN else "",
        "words": _happened(message, language) if message.kind == Message.Kind.ACTIVITY else "",
        "files": files,
        "removed": message.data.get("removed", []),
    }


def _happened(message: Message, language: str) -> str:
    """A public activity in the customer's words; empty for those that say nothing to a customer."""
    data = message.data
    name = message.agent.label(language) if message.agent else ""
    by_customer = data.get("by") == "customer"
    return {
        "opened_for": _("%(name)s opened this for you.") % {"name": name},
        "joined": _("%(name)s looks after your case now.") % {"name": name},
        "solved": _("You marked it as solved.") if by_customer else _("Marked as solved."),
        "reopened": _("You opened it again.") if by_customer else _("Opened again."),
        "closed": _("You closed it.") if by_customer else _("Closed: nobody came back."),
        "escalated": _("Passed on to: %(rung)s.") % {"rung": rung(int(data.get("level", 2)))},
        "queued": _("You asked for a person."),
        "message_left": _("You left a message; the answer comes here and by mail."),
        "merged_into": _("It goes on in %(number)s.") % {"number": data.get("number", "")},
        "watched": _("We watch %(what)s, and tell you as soon as it changes.")
        % {"what": what_of(str(data.get("kind", "")), str(data.get("label", "")))},
        "watch_stopped": _("You asked us to wait no longer.") if by_customer else _("We wait no longer."),
        "proof_asked": _("We asked you to prove your account: see “Prove that it is you” on this page."),
        "proven": proven_words(int(data.get("rung", Rung.APP))),
        "document_begun": _("You began the check of document and face at the exchange."),
        "not_taken": _(
            "Messages from here are not answered at the moment. If that is a mistake, write to us from your registered mailbox."
        ),
        "sla_missed": _("We are later than we promised. We are sorry; the case was passed up."),
    }.get(str(data.get("what", "")), "")


def facts(found: Conversation, language: str) -> list[tuple[str, str]]:
    """The fields that were given, with their labels."""
    labels: dict[str, str] = {}
    for field in found.topic.own_fields if found.topic else []:
        names = field.get("label", {})
        labels[field["name"]] = names.get(language) or names.get("en") or field["name"]
    return [(labels[name], str(value)) for name, value in found.fields.items() if value and name in labels]
