"""One conversation at the desk: what was said, what is known, and what one can do."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.approvals.kinds import needed
from kefu.channels.email.mailboxes import our_addresses
from kefu.conversations.collaborate import look
from kefu.conversations.draft import draft_of
from kefu.conversations.escalate import HIGHEST
from kefu.conversations.later import held_in
from kefu.conversations.links import status_address
from kefu.conversations.models import Collaborator, Conversation, Delivery, Message
from kefu.conversations.recipients import of_all
from kefu.conversations.reply import ABOUT_MAIL, mail_address
from kefu.exchange.cards import mentioned
from kefu.incidents.known import open_incidents
from kefu.people.models import Agent, Team
from kefu.people.permissions import may
from kefu.surveys.models import Rating
from kefu.text import markup
from kefu.web.cards import plain, waits
from kefu.web.desk import labels
from kefu.web.desk.actions import HEAD, actions_of, menu_of
from kefu.web.desk.approval_words import waiting_here
from kefu.web.desk.clocks import clocks_of
from kefu.web.desk.delivery_words import late
from kefu.web.desk.find import readable
from kefu.web.desk.fragments import context as entry_context
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import listing, shell
from kefu.web.desk.proof import proof_of
from kefu.web.desk.score_card import card
from kefu.web.desk.to_do import listed

SHOWN = 300
SAID = {Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT}


@require_safe
@for_agents("desk.read")
def conversation(request: AgentRequest, uid: UUID) -> HttpResponse:
    """The three panes; only thread and context when a row of the list was pressed."""
    found, guest = readable(request.agent, uid)
    context = details(request, found, guest=guest)
    if request.headers.get("HX-Target") == "thread":
        return render(request, "desk/thread.html", context)
    return render(request, "desk/conversation.html", shell(request) | listing(request, current=uid.hex) | context | {"pane": "thread"})


def details(request: AgentRequest, found: Conversation, *, guest: bool = False) -> dict[str, Any]:
    """Everything the panes show of one conversation; the number of queries does not grow with its length.

    ``guest``: for somebody who was only let in, so without what leads beyond this conversation.
    """
    language = get_language() or "en"
    rows = list(found.messages.select_related("agent").prefetch_related("attachments").order_by("-seq")[:SHOWN])
    summary = found.bot.get("summary", {})
    others = found.customer.conversations.exclude(pk=found.pk).order_by("-last_message_at")
    if guest:
        others = others.filter(pk__in=Conversation.objects.visible_to(request.agent).values("pk"))  # type: ignore[attr-defined]
    answers = may(request.agent, "desk.answer")
    return {
        "talk": found,
        "entries": entries(found, rows[::-1], language),
        "guest": guest,
        "note_only": guest or found.status == Conversation.Status.CLOSED,
        "may_answer": answers and not guest,
        "may_note": answers,
        **let_in_here(request.agent, found, language),
        "is_mine": found.assignee_id == request.agent.pk,
        "assignee_name": found.assignee.label(language) if found.assignee else "",
        "topic_name": found.topic.label(language) if found.topic else "",
        "team_name": found.team.label(language) if found.team else "",
        "asked": summary.get("asked", []),
        "tried": summary.get("tried", []),
        "collected": collected(found, language),
        "missing": missing(found, language),
        "weights": [labels.weight(one) for one in found.priority_reasons if isinstance(one, dict)],
        "rung": labels.rung(found.level) if found.level > 1 else "",
        "can_escalate": found.level < HIGHEST,
        "rating": Rating.objects.filter(conversation=found).first(),
        "channel_name": labels.channel(found.channel),
        "language_name": labels.language(found.language),
        "proof": proof_of(found),
        "waits": waits(found),
        "mentions": [plain(one) for one in mentioned([m.body for m in rows[::-1] if m.kind == Message.Kind.CUSTOMER])],
        "others": others[:6],
        "clocks": clocks_of(found, language),
        "incidents": [(one.slug, one.title(language)) for one in open_incidents()],
        "incident_title": found.incident.title(language) if found.incident else "",
        "tags": [tag.name for tag in found.tags.all()],
        "open_talk": found.uid,
        **acts_on(request.agent, found, guest=guest),
        "ask_missing": asking_for_missing(found),
        "colleagues": colleagues(request.agent, language),
        "teams": [(team.pk, team.label(language)) for team in Team.objects.order_by("slug")],
        "status_link": status_address(found),
        "me": request.agent,
        "may_review": may(request.agent, "reviews.write"),
        "reviews": list(found.reviews.select_related("reviewer")) if found.is_over else [],
        "card": card(),
        **together(request.agent, found),
        "customer_words": [one for one in rows if one.kind == Message.Kind.CUSTOMER][::-1][-40:],
        "forwardable": [{"message": one, "words": markup.plain(one.body[:400])} for one in rows if one.kind in SAID][:40],
        "draft": draft_of(found, request.agent),
        "held_rows": held_in(found),
        "answers_to": mail_address(found) if found.stage == Conversation.Stage.NONE else "",
        "reply_all": of_all(found, our_addresses()) if found.channel == "email" else [],
    }


def acts_on(agent: Agent, found: Conversation, *, guest: bool) -> dict[str, Any]:
    """What the agent may do here, as the head and the menu show it, what brings it back from the bin, and what is to be done."""
    follows = found.followers.filter(pk=agent.pk).exists()
    actions = actions_of(agent, found, guest=guest, follows=follows)
    head = [one for one in actions if one.group == HEAD]
    restoring = next((one for one in actions if one.name == "restore"), None)
    return {
        "head": head,
        "menu": menu_of(actions),
        "restoring": restoring,
        "levels": [(level, label) for level, label in Conversation.Priority.choices if level != found.priority][::-1],
        **listed(found, agent),
        **({} if guest else second_person(found, agent)),
    }


def second_person(found: Conversation, agent: Agent) -> dict[str, Any]:
    """What waits here for somebody's agreement, and whether an answer that promises a refund would."""
    return waiting_here(found, agent) | {"refund_asks": not found.is_over and needed("refund")}


def let_in_here(agent: Agent, found: Conversation, language: str) -> dict[str, Any]:
    """Who was let in and by whom, and the agent's own place among them, which they have seen from now on."""
    rows = list(found.collaborators.select_related("agent", "let_in_by").order_by("pk"))
    mine = next((one for one in rows if one.agent_id == agent.pk), None)
    if mine:
        look(mine)
    named = [(one, f"{one.agent.label(language)} · {one.agent.badge}", by_whom(one, language)) for one in rows]
    return {"collaborators": named, "invited_by": by_whom(mine, language) if mine else ""}


def by_whom(one: Collaborator, language: str) -> str:
    """The name of whoever let a collaborator in; empty when nobody knows any more."""
    return one.let_in_by.label(language) if one.let_in_by else ""


def entries(found: Conversation, rows: list[Message], language: str) -> list[dict[str, Any]]:
    """The lines of the thread; those whose mail has not arrived say so."""
    unsent = Q(state=Delivery.State.FAILED) | Q(state__in=[Delivery.State.DUE, Delivery.State.SENDING], failing_since__isnull=False)
    marks = late(list(Delivery.objects.filter(unsent, message__conversation=found)[:SHOWN]))
    return [entry_context(message, language) | {"late": marks.get(message.pk)} for message in rows]


def together(agent: Agent, found: Conversation) -> dict[str, Any]:
    """What it belongs to, as far as this agent may see it: who is asked from another team does not see who asked."""
    seen = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    asked = list(found.side_talks.select_related("team").order_by("-pk")[:10])
    open_to = set(seen.filter(pk__in=[one.pk for one in asked]).values_list("pk", flat=True)) if asked else set()
    return {
        "side_talks": [(one, one.pk in open_to) for one in asked],
        "related": list(seen.filter(related=found).order_by("-pk")[:20]),
        "asked_from": seen.filter(pk=found.asked_from_id).first() if found.asked_from_id else None,
    }


def collected(found: Conversation, language: str) -> list[tuple[str, str]]:
    """The fields with their labels, as the topic names them."""
    asked = {field["name"]: field for field in found.topic.own_fields} if found.topic else {}
    given = {name: value for name, value in found.fields.items() if value and name not in ABOUT_MAIL}
    return [(_label(asked.get(name), name, language), _value(asked.get(name), value, language)) for name, value in given.items()]


def _label(field: dict[str, Any] | None, name: str, language: str) -> str:
    names = (field or {}).get("label", {})
    return str(names.get(language) or names.get("en") or name)


def _value(field: dict[str, Any] | None, value: Any, language: str) -> str:
    """What was chosen in the words of the form; everything else as it was typed."""
    chosen: dict[str, Any] = next((one for one in (field or {}).get("choices", ()) if one["value"] == value), {})
    return str(chosen.get(language) or chosen.get("en") or value)


def missing(found: Conversation, language: str) -> list[str]:
    """The labels of needed details that the customer has not given."""
    needed = [field for field in found.topic.own_fields if field.get("required")] if found.topic else []
    absent = [field for field in needed if not found.fields.get(field["name"])]
    return [str(f.get("label", {}).get(language) or f.get("label", {}).get("en") or f["name"]) for f in absent]


def asking_for_missing(found: Conversation) -> str:
    """A reply, in the customer's language, that asks for the needed details by name; empty when nothing is missing."""
    names = missing(found, found.language)
    if not names:
        return ""
    with override(found.language):
        return "\n".join([_("To go on, we need:"), *(f"- {name}" for name in names), "", _("Answer here; you can attach screenshots.")])


def colleagues(agent: Agent, language: str) -> list[tuple[int, str]]:
    """Whom one can pass a conversation to: those at work first."""
    return [(a.pk, f"{a.label(language)} · {a.badge} · {a.get_presence_display()}") for a in others_at_work(agent)]


def others_at_work(agent: Agent) -> list[Agent]:
    """The colleagues who answer customers, those who are present first."""
    rows = Agent.objects.filter(active=True, role__in=["agent", "supervisor", "administrator"]).exclude(pk=agent.pk)
    return sorted(rows, key=lambda a: (a.presence != Agent.Presence.ONLINE, a.badge))
