"""Colleagues named in a note, by @badge: they follow the conversation from then on."""

import re

from kefu.conversations.models import Conversation
from kefu.people.models import Agent

MENTION = re.compile(r"@(\w{1,12})")


def mention(conversation: Conversation, text: str) -> list[int]:
    """Let the active colleagues whom ``text`` names follow the conversation; returns who they are."""
    badges = set(MENTION.findall(text))
    if not badges:
        return []
    named = list(Agent.objects.filter(badge__in=badges, active=True))
    conversation.followers.add(*named)
    return [agent.pk for agent in named]
