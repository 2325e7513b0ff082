"""Announcements: the list, one of them, and the feed."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.exchange.network_table import network_table
from kefu.knowledge.models import Announcement, AnnouncementText
from kefu.web.help.alternates import alternates
from kefu.web.help.disturbances import PAST, disturbances
from kefu.web.help.uptime import services
from kefu.web.help.words import NEWS

PAGE = 20


@dataclass(frozen=True)
class News:
    """An announcement in the reader's language, or the nearest."""

    slug: str
    kind: str
    kind_name: str
    title: str
    summary: str
    html: str
    language: str
    published: datetime
    pinned: bool

    @property
    def is_urgent(self) -> bool:
        return self.pinned and self.kind in {"maintenance", "risk"}

    @property
    def url(self) -> str:
        return reverse("help-announcement", args=[self.slug])


def current_news(language: str, *, limit: int, kind: str = "", before: datetime | None = None) -> list[News]:
    """What is published and has not expired: pinned first, then the newest."""
    at = now()
    rows = Announcement.objects.filter(published__lte=at).filter(Q(expires__isnull=True) | Q(expires__gt=at))
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(published__lt=before)
    texts = Prefetch("texts", AnnouncementText.objects.all())
    order = ("-published",) if before or kind else ("-pinned", "-published")
    return [n for row in rows.order_by(*order).prefetch_related(texts)[:limit] if (n := in_language(row, language))]


def in_language(row: Announcement, language: str) -> News | None:
    texts = {text.language: text for text in row.texts.all()}
    text = texts.get(language) or texts.get("en") or next(iter(texts.values()), None)
    if text is None:
        return None
    return News(
        slug=row.slug,
        kind=row.kind,
        kind_name=str(NEWS.get(row.kind, row.kind)),
        title=text.title,
        summary=text.summary,
        html=text.html,
        language=text.language,
        published=row.published,
        pinned=row.pinned,
    )


def find_news(query: str, language: str) -> list[News]:
    """Announcements whose title or summary holds the query."""
    wanted = query.casefold()
    return [n for n in current_news(language, limit=200) if wanted in f"{n.title} {n.summary}".casefold()][:3]


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    kind = request.GET.get("kind", "")
    kind = kind if kind in NEWS else ""
    before = _moment(request.GET.get("before", ""))
    found = current_news(language, limit=PAGE + 1, kind=kind, before=before)
    incidents, past = disturbances(language)
    context = {
        "news": found[:PAGE],
        "older": found[PAGE - 1].published.isoformat() if len(found) > PAGE else "",
        "kinds": NEWS.items(),
        "kind": kind,
        "alternates": alternates("help-status"),
        "incidents": incidents,
        "past": past,
        "past_days": PAST.days,
        "services": services(language),
        "networks": network_table(),
        "maintenance": current_news(language, limit=3, kind="maintenance"),
        "at": now(),
    }
    return render(request, "help/announcements.html", context)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@require_safe
def announcement(request: HttpRequest, slug: str) -> HttpResponse:
    """One announcement; an expired one stays readable, marked as such."""
    row = Announcement.objects.filter(slug=slug, published__lte=now()).prefetch_related("texts").first()
    shown = in_language(row, get_language() or "en") if row else None
    if row is None or shown is None:
        raise Http404
    expired = bool(row.expires and row.expires <= now())
    context = {"news": shown, "expired": expired, "alternates": alternates("help-announcement", slug)}
    return render(request, "help/announcement.html", context)


class NewsFeed(Feed):  # type: ignore[type-arg]
    """RSS 2.0 of the announcements in the page's language."""

    def title(self) -> str:
        return f"{settings.BRAND.get(get_language() or 'en', settings.BRAND['en'])} · {_('Announcements')}"

    def link(self) -> str:
        return reverse("help-status")

    def description(self) -> str:
        return _("Listings, maintenance, rule changes, campaigns and risk warnings")

    def items(self) -> list[News]:
        return sorted(current_news(get_language() or "en", limit=30), key=lambda n: n.published, reverse=True)

    def item_title(self, item: News) -> str:  # type: ignore[override]
        return item.title

    def item_description(self, item: News) -> str:  # type: ignore[override]
        return item.summary

    def item_link(self, item: News) -> str:
        return item.url

    def item_pubdate(self, item: News) -> datetime:
        return item.published
