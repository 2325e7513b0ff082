"""Colleagues named in a note, by @badge: they are let in, and told."""

import re

from kefu.conversations.collaborate import add, sees
from kefu.conversations.models import Conversation
from kefu.people.models import Agent
from kefu.people.permissions import may

MENTION = re.compile(r"@(\w{1,12})")
MOST = 10  # colleagues that one note can call

# What was meant as a badge: with a digit, and not a part of a mailbox or a handle with a dot.
MEANT = re.compile(r"(?<![\w.@/])@(?=\w*\d)(\w{1,12})(?![\w@]|\.\w)")


def unknown_badges(text: str) -> list[str]:
    """The badges in a note that call nobody: of no colleague at work, or of one who sees no conversations."""
    badges = list(dict.fromkeys(MEANT.findall(text)))[:MOST]
    known = {one.badge for one in Agent.objects.filter(badge__in=badges, active=True) if may(one, "desk.read")} if badges else set()
    return [badge for badge in badges if badge not in known]


def mention(conversation: Conversation, text: str, *, by: Agent) -> list[int]:
    """Let in the colleagues whom ``text`` names, in a ``locked`` open conversation; returns who they are.

    Somebody who is only let in names those who are there already: they let nobody else in. Who may see no conversations
    at all is not called.
    """
    badges = list(dict.fromkeys(MENTION.findall(text)))[:MOST]
    if not badges or conversation.is_over:
        return []
    named = [one for one in Agent.objects.filter(badge__in=badges, active=True).exclude(pk=by.pk).order_by("pk") if may(one, "desk.read")]
    if named and not sees(by, conversation):
        there = set(conversation.collaborators.values_list("agent", flat=True))
        named = [one for one in named if one.pk in there or sees(one, conversation)]
    for agent in named:
        add(conversation, agent, by=by)
    return [agent.pk for agent in named]
