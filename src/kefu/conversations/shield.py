"""Addresses in messages that imitate ours: both sides are told."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.models import Conversation, Message
from kefu.conversations.timeline import append
from kefu.people.models import OfficialContact
from kefu.system.prepared import Values
from kefu.text import lookalike

MOST = 5
_websites = Values(lambda: OfficialContact.objects.filter(kind=OfficialContact.Kind.WEBSITE).values_list("key"))


def official_domains() -> list[str]:
    """The domains that are ours: the brand's, where this help centre lives, and the websites of the official contacts."""
    hosts = {urlsplit(f"//{key}").hostname or key for (key,) in _websites.all()}
    return sorted(hosts | {settings.BRAND_DOMAIN, urlsplit(settings.SITE_URL).hostname or settings.BRAND_DOMAIN})


def imitations(text: str) -> list[tuple[str, str]]:
    """(address, what it imitates) of each look-alike in a text, each once."""
    if "." not in text and "。" not in text and "．" not in text:
        return []
    found = lookalike.suspicious(text, official_domains())
    return list(dict.fromkeys((one.domain.lower()[:120], one.official) for one in found))[:MOST]


def warn(conversation: Conversation, found: list[tuple[str, str]]) -> Message | None:
    """Tell the customer at once, in the bot's name and the conversation's language; of each address once."""
    told = set(conversation.bot.get("warned", []))
    fresh = [(domain, official) for domain, official in found if domain not in told]
    if not fresh:
        return None
    conversation.bot = {**conversation.bot, "warned": sorted(told | {domain for domain, _official in fresh})}
    with override(conversation.language):
        lines = [
            _("%(domain)s is not ours: it imitates %(official)s.") % {"domain": f"`{domain}`", "official": official}
            for domain, official in fresh
        ]
        lines.append(
            _(
                "Do not enter or install anything there. If you already did, change your password now and freeze your account in "
                "Security centre → Freeze account."
            )
        )
        return append(
            conversation,
            Message.Kind.BOT,
            "\n\n".join(lines),
            language=conversation.language,
            data={"role": "link_warning", "domains": [d for d, _o in fresh]},
        )
