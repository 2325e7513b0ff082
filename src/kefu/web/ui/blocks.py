"""Components that wrap other content: callout, empty state, dialog."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kefu.web.ui.icons import icon

BANNERS = {"": "info", "accent": "info", "ok": "check", "warn": "alert", "bad": "alert", "safe": "shield"}


def banner(content: str, kind: str = "", live: str = "") -> SafeString:
    """``{% banner "warn" %}<strong>…</strong> …{% endbanner %}``: a callout.

    ``kind``: empty, accent, ok, warn, bad, or safe (neutral, with a shield). ``live``: ``alert`` only for
    secrets and failures to send, ``status`` for news, empty for what was there all along.
    """
    role = format_html(' role="{}"', live) if live else ""
    classes = "banner" if kind in {"", "safe"} else f"banner {kind}"
    return format_html('<div class="{}"{}>{}<div>{}</div></div>', classes, role, icon(BANNERS[kind]), content)


def empty(content: str, title: str, picture: str = "inbox") -> SafeString:
    """``{% empty title %}<p>…</p>{% endempty %}``: nothing here; say why, when not, and what now."""
    return format_html('<div class="empty">{}<h2 class="t-base">{}</h2>{}</div>', icon(picture), title, content)


def dialog(content: str, ident: str, title: str) -> SafeString:
    """``{% dialog "id" title %}…{% enddialog %}``: a modal question, opened by ``data-dialog="id"``."""
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title"><form method="dialog" class="corner">'
        '<button class="btn quiet icon-only sm" aria-label="{1}">{2}</button></form>'
        '<h2 class="t-lg" id="{0}-title">{3}</h2>{4}</dialog>',
        ident,
        gettext("Close"),
        icon("x"),
        title,
        content,
    )
