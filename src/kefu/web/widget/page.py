"""The chat page: the same window in full, in a frame of another site, or in an app's web view."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation, Message
from kefu.conversations.reply import mail_address
from kefu.routing.positions import as_data
from kefu.routing.wait import wait_of
from kefu.topics.models import Topic
from kefu.web.ui.sharing import for_any_site
from kefu.web.visitor import Visitor, VisitorRequest, for_visitors
from kefu.web.widget.fragments import context as entry_context
from kefu.web.widget.talk import current

SHOWN = 200  # entries of a long talk that the page begins with


@csp_replace({"frame-ancestors": settings.EMBED_ORIGINS or ["*"]})
@xframe_options_exempt
@for_any_site
@require_safe
@for_visitors
def chat(request: VisitorRequest) -> HttpResponse:
    """The window with the visitor's current talk. ``?embed=1`` leaves out what a frame does not need."""
    return render(request, "widget/page.html", page_context(request, embedded="embed" in request.GET))


@require_safe
@for_visitors
def panel(request: VisitorRequest) -> HttpResponse:
    """The inside of the window: fetched when an embedded page shows the token that it kept."""
    return render(request, "widget/panel.html", page_context(request, embedded="embed" in request.GET))


def page_context(request: VisitorRequest, *, embedded: bool) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    conversation = current(request.visitor)
    topic = request.GET.get("topic", "")
    return {
        "audience": "chat",
        "embedded": embedded,
        "visitor": request.visitor,
        "talk": conversation,
        "entries": [entry_context(m, language) for m in entries(conversation)] if conversation else [],
        "topics": [] if conversation else topics(language),
        "chosen_topic": topic,
        "question": request.GET.get("q", "")[:500],
        "status_url": status_address(conversation) if conversation else "",
        "texts": texts(),
        **state(conversation, request.visitor, language),
    }


def state(conversation: Conversation | None, visitor: Visitor, language: str) -> dict[str, Any]:
    """What the head and the queue panel show."""
    stage = conversation.stage if conversation else "bot"
    wait = wait_of(conversation) if conversation and stage == Conversation.Stage.QUEUED else None
    agent = conversation.assignee if conversation else None
    return {
        "stage": stage,
        "wait": as_data(wait) if wait else None,
        "agent": agent,
        "agent_name": agent.label(language) if agent else "",
        "team_name": conversation.team.label(language) if conversation and conversation.team else "",
        "gets_mail": bool(conversation and mail_address(conversation)),
        "grace_minutes": settings.QUEUE_GRACE_MINUTES,
        "is_over": bool(conversation and conversation.is_over),
    }


def entries(conversation: Conversation) -> list[Message]:
    """The newest public entries, oldest first."""
    rows = conversation.messages.exclude(kind=Message.Kind.NOTE).order_by("-seq")[:SHOWN]
    found = [m for m in rows.select_related("agent").prefetch_related("attachments") if m.is_public]
    return found[::-1]


def topics(language: str) -> list[dict[str, str]]:
    """The chat menu: the taxonomy's first level."""
    rows = Topic.objects.filter(parent=None).prefetch_related("translations")
    return [{"slug": topic.slug, "name": topic.label(language), "icon": topic.icon} for topic in rows]


def texts() -> dict[str, str]:
    """What the window's script says."""
    return {
        "sending": _("Sending…"),
        "not_sent": _("Not sent. Your text is kept on this device."),
        "retry": _("Try again"),
        "read": _("Read"),
        "file": _("File"),
        "about_file": _("I am sending a file."),
        "uploaded": _("Uploaded"),
        "upload_failed": _("The file did not arrive. Attach it again."),
        "still_uploading": _("A file is still being uploaded. Send again in a moment."),
        "remove": _("Remove"),
        "nobody": _("Nobody is here right now. Leave a message and we answer by mail."),
        "next": _("You are next."),
        "wait": _("Expected wait: about %(minutes)s minutes."),
        "not_heard": _("Nothing was heard. Check that this page may use the microphone."),
    }
