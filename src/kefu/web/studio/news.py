"""Announcements in the studio: kind, when they appear and expire, pinned or not, and the text in each language."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.knowledge.links import resolve
from kefu.knowledge.models import Announcement, AnnouncementText
from kefu.text.markup import render
from kefu.web.studio.fields import SafeForm, gathered, in_languages, spread
from kefu.web.studio.things import Data, Row, Thing

KINDS = [
    ("listing", _("Listing")),
    ("delisting", _("Delisting")),
    ("maintenance", _("Maintenance")),
    ("upgrade", _("Upgrade")),
    ("rule", _("Rule change")),
    ("campaign", _("Campaign")),
    ("risk", _("Risk warning")),
]


class NewsForm(SafeForm):
    slug = forms.SlugField(label=_("Address (latin letters and dashes)"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    published = forms.DateTimeField(
        label=_("Appears"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    expires = forms.DateTimeField(
        label=_("Expires"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    pinned = forms.BooleanField(label=_("Pinned to the top"), required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "title", _("Title"), most=160)
        in_languages(self, "summary", _("In one or two sentences"), required=False, rows=2, most=500)
        in_languages(self, "body", _("Text (Markdown)"), required=False, rows=10, most=20_000)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("expires") and values.get("published") and values["expires"] <= values["published"]:
            self.add_error("expires", _("It would expire before it appears."))
        return values


def rows(language: str) -> list[Row]:
    at = now()
    found = []
    for one in Announcement.objects.prefetch_related("texts")[:300]:
        texts = {text.language: text.title for text in one.texts.all()}
        state = _("Planned") if one.published > at else _("Expired") if one.expires and one.expires <= at else ""
        title = texts.get(language) or next(iter(texts.values()), one.slug)
        found.append(Row(one.slug, title, f"{one.published:%Y-%m-%d} · {dict(KINDS).get(one.kind, one.kind)}", str(state)))
    return found


def read(key: str) -> Data | None:
    one = Announcement.objects.filter(slug=key).prefetch_related("texts").first()
    if one is None:
        return None
    texts = {text.language: text for text in one.texts.all()}
    return {
        "kind": one.kind,
        "published": one.published.isoformat(),
        "expires": one.expires.isoformat() if one.expires else "",
        "pinned": one.pinned,
        **{name: {code: value for code, text in texts.items() if (value := getattr(text, name))} for name in ("title", "summary", "body")},
    }


def write(key: str, data: Data | None) -> None:
    if data is None:
        Announcement.objects.filter(slug=key).delete()
        return
    with transaction.atomic():
        values = {
            "kind": data["kind"],
            "published": datetime.fromisoformat(data["published"]),
            "expires": datetime.fromisoformat(data["expires"]) if data["expires"] else None,
            "pinned": data["pinned"],
        }
        one, _made = Announcement.objects.update_or_create(slug=key, defaults=values)
        one.texts.exclude(language__in=data["title"]).delete()
        for code, title in data["title"].items():
            body = data["body"].get(code, "")
            text = {"title": title, "summary": data["summary"].get(code, ""), "body": body}
            html = render(body, resolve=partial(resolve, language=code))
            AnnouncementText.objects.update_or_create(announcement=one, language=code, defaults={**text, "html": html})


def form(data: Data | None, post: Any) -> NewsForm:
    if data is None:
        return NewsForm(post, initial={"published": now()})
    moments = {name: datetime.fromisoformat(data[name]) if data[name] else None for name in ("published", "expires")}
    texts = {k: v for n in ("title", "summary", "body") for k, v in spread(data[n], n).items()}
    return NewsForm(post, initial={"kind": data["kind"], "pinned": data["pinned"], **moments, **texts})


def collect(form: Any, _rows: Any) -> tuple[str, Data]:
    values = form.cleaned_data
    texts = {name: gathered(values, name) for name in ("title", "summary", "body")}
    expires = values["expires"].isoformat() if values["expires"] else ""
    return values["slug"], {
        "kind": values["kind"],
        "published": values["published"].isoformat(),
        "expires": expires,
        "pinned": values["pinned"],
        **texts,
    }


def shown(data: Data) -> list[tuple[str, str, str, str]]:
    """Language, title, summary and HTML, for the preview."""
    return [
        (
            code,
            data["title"][code],
            data["summary"].get(code, ""),
            render(data["body"].get(code, ""), resolve=partial(resolve, language=code)),
        )
        for code, _name in settings.LANGUAGES
        if code in data["title"]
    ]


NEWS = Thing("announcements", _("Announcements"), "mega", "studio.publish", rows, read, write, form, collect,
             preview="studio/previews/announcement.html", help=_("A moment in the future plans it; after it expires it stays readable, marked as such."))  # fmt: skip
