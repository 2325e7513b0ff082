"""Is this really us? A badge number, mail address, link or domain, checked against what is ours."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.channels.email.keys import our_keys
from kefu.conversations.shield import official_domains
from kefu.people.models import Agent, OfficialContact
from kefu.people.models.contact import contact_key
from kefu.system import rate
from kefu.system.audit.log import write
from kefu.text import lookalike
from kefu.text.secrets import redact
from kefu.web.help.alternates import alternates

# Where anybody can open an account: the host says nothing about who it is.
PLACES = ("t.me", "telegram.me", "x.com", "twitter.com", "facebook.com", "fb.com", "instagram.com", "discord.gg", "discord.com", "youtube.com",
          "wa.me", "linkedin.com", "reddit.com", "medium.com", "tiktok.com", "weibo.com", "line.me")  # fmt: skip

ICONS = {"mail": "mail", "phone": "phone", "app": "chat", "telegram": "mega", "x": "at", "wechat": "users"}


@dataclass(frozen=True)
class Verdict:
    """``state``: ours, lookalike, unknown or slow. ``what`` is badge, contact, mail, site, account or nothing."""

    state: str
    what: str = ""
    subject: str = ""
    name: str = ""


def judge(query: str, language: str) -> Verdict:
    """An exact answer or "unknown": never a guess in favour."""
    text = query.strip().lower()
    if badge := text.removeprefix("#"):
        agent = Agent.objects.filter(badge__iexact=badge, active=True).first()
        if agent:
            return Verdict("ours", "badge", agent.badge, agent.label(language))
    if contact := OfficialContact.objects.filter(key=contact_key(text)).first():
        return Verdict("ours", "contact", contact.address, contact.note(language))
    what = "mail" if "@" in text and "://" not in text else "site"
    host = text.rsplit("@", 1)[-1] if what == "mail" else (urlsplit(text if "://" in text else f"//{text}").hostname or "")
    host = host.strip(".")
    official = official_domains()
    if any(host == place or host.endswith(f".{place}") for place in PLACES):
        return _account(text, host)
    if any(host == domain or host.endswith(f".{domain}") for domain in official):
        return Verdict("ours", what, host)
    if "." in host and (match := lookalike.match(host, official)):
        return Verdict("lookalike", what, host, str(match.official))
    return Verdict("unknown", what if "." in host else "", text)


def _account(text: str, place: str) -> Verdict:
    """An account elsewhere that is not in the list: one that bears our name plays us."""
    name = settings.BRAND_DOMAIN.partition(".")[0].casefold()
    return Verdict("lookalike" if name in text.casefold() else "unknown", "account", text, place)


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """One box for any contact; attempts are counted and noted, without the text."""
    query = redact(request.GET.get("q", "")[:200]).text.strip()
    language = get_language() or "en"
    verdict = None
    if query:
        if rate.exceeded("verify", request.META.get("REMOTE_ADDR", ""), limit=20, seconds=60):
            verdict = Verdict("slow")
        else:
            verdict = judge(query, language)
            write("visitor", "verify", verdict.state, what=verdict.what)
    context = {
        "query": query,
        "keys": our_keys(),
        "verdict": verdict,
        "contacts": [(ICONS.get(one.kind, "globe"), one, one.note(language)) for one in OfficialContact.objects.all()],
        "alternates": alternates("help-verify"),
    }
    return render(request, "help/verify.html", context)
