"""Codes of the data in the words of whoever sits at the desk."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from kefu.conversations.checklist import in_words
from kefu.conversations.models import Conversation

CHANNEL_ICONS = {"webchat": "chat", "form": "ticket", "email": "mail", "phone": "phone", "api": "code"}


def status(code: str) -> str:
    """A status in the reader's language; the code itself when there is no such status."""
    return str(dict(Conversation.Status.choices).get(code, code))


def language(code: str) -> str:
    """A language's own name: "English" for ``en``; the code where the name is not known."""
    if known := dict(settings.LANGUAGES).get(code):
        return str(known)
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def channel(code: str) -> str:
    """How the customer reached us."""
    return {
        "webchat": _("Web chat"),
        "form": _("Form"),
        "email": _("Email"),
        "phone": _("Phone"),
        "api": _("API"),
        "internal": _("Between colleagues"),
    }.get(code, code)


def reason(code: str) -> str:
    """Why somebody waits for a person."""
    return {
        "asked": _("asked for a person"),
        "failed_twice": _("two answers did not help"),
        "unsure": _("the bot was not sure"),
        "off_topic": _("the bot found nothing"),
        "takeover": _("signs of an account takeover"),
        "fraud": _("signs of fraud"),
        "distress": _("signs of distress"),
        "flow": _("all details are collected"),
    }.get(code, code)


def weight(reason: dict[str, Any]) -> str:
    """One reason of a priority, in words: what it was and how much it counted."""
    code, value = str(reason.get("code", "")), str(reason.get("value", ""))
    words = {
        "topic": _("topic: %(value)s") % {"value": urgency(value)},
        "chosen": _("the customer chose: %(value)s") % {"value": urgency(value)},
        "takeover": _("signs of an account takeover"),
        "fraud": _("signs of fraud"),
        "distress": _("signs of distress"),
        "anger": _("angry words"),
        "urgency": _("words of haste"),
        "money": _("about %(value)s USD at risk") % {"value": f"{int(value):,}" if value.isdecimal() else value},
        "tier": _("VIP %(value)s") % {"value": value},
        "incident": _("part of an incident"),
        "reopened": _("opened again (%(value)s)") % {"value": value},
        "missing": _("needed details are missing (%(value)s)") % {"value": value},
        "lowered": _("lowered: %(value)s") % {"value": _("a rule") if value == "rule" else value},
        "raised": _("raised: %(value)s") % {"value": raised(value)},
    }.get(code, code)
    points = int(reason.get("points") or 0)
    return f"{words} {points:+d}" if points else words


def raised(code: str) -> str:
    """Why a level was raised beyond what the facts make."""
    return {
        "agent": _("an agent said so"),
        "rule": _("a rule"),
        "escalated": _("the customer asked for a second opinion"),
        "sla_breached": _("a promised time was missed"),
        "sla_warned": _("a promised time is near"),
    }.get(code, code)


def item(words: dict[str, str]) -> str:
    """An item of a checklist in the reader's language."""
    return in_words(words, get_language() or "en")


def items(found: list[dict[str, str]]) -> str:
    """Several of them in a line."""
    return _(", ").join(item(one) for one in found)


def urgency(code: str) -> str:
    return {"low": _("low"), "normal": _("normal"), "high": _("high"), "urgent": _("urgent")}.get(code, code)


def because(codes: list[str]) -> str:
    """Why routing chose this agent."""
    words = {
        "level": _("stands on that rung"),
        "topic": _("knows the topic"),
        "team": _("is in the team"),
        "overflow": _("the team had no one in time"),
        "language": _("speaks the language"),
        "no_one_speaks_it": _("nobody present speaks the language"),
        "last_agent": _("helped this customer before"),
        "least_busy": _("least busy"),
        "round_robin": _("next in turn"),
    }
    return _(", ").join(words.get(code, code) for code in codes)


def rung(level: int) -> str:
    """Who looks at a case on this rung of the customers' ladder."""
    return {1: _("Agent"), 2: _("Specialist"), 3: _("Supervisor"), 4: _("Complaints officer")}.get(level, str(level))
