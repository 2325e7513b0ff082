"""A mail as it was: its fields, its whole text, and its HTML made harmless, for whoever may see the conversation."""

import base64
import re
from dataclasses import dataclass

import nh3

from kefu.channels.email.keep import raw_of
from kefu.channels.email.keys import unlock
from kefu.channels.email.models import SeenMail
from kefu.channels.email.without_secrets import REDACTED
from kefu.text.mail import Mail, read
from kefu.text.markup.clean import RUNS

INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
INLINE_LIMIT = 8_000_000  # bytes of pictures shown within one mail
SHOWN_FIELDS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Date",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Authentication-Results",
    "List-Id",
    "X-Mailer",
    "User-Agent",
    "Return-Path",
)
_TAGS = frozenset(
    """
    a abbr b blockquote br caption center code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins
    li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul
    """.split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "align", "valign", "bgcolor", "width", "height"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "table": {"border", "cellpadding", "cellspacing"},
    "ol": {"start"},
}


@dataclass(frozen=True)
class Whole:
    """``remote`` counts pictures that would have told the sender that the mail was read; they are left out. ``redacted``:
    a secret was in it, so that only its text is kept."""

    mail: Mail
    fields: list[tuple[str, str]]
    html: str
    remote: int
    redacted: bool = False


def whole(seen: SeenMail) -> Whole | None:
    """The mail of a row; None where its raw copy is not kept."""
    raw = raw_of(seen)
    if raw is None:
        return None
    outer = read(raw)
    mail = unlock(raw, outer, seen.mailbox).mail
    fields = [(name, outer.header(name)) for name in SHOWN_FIELDS if outer.header(name)]
    html, remote = harmless(mail)
    return Whole(mail, fields, html, remote, redacted=outer.header(REDACTED) == "yes")


def harmless(mail: Mail) -> tuple[str, int]:
    """HTML that runs nothing and loads nothing: pictures of the mail itself are put in, all others are left out.

    It is shown in a frame without scripts, forms or a place of its own as well: one wall may fail.
    """
    pictures = {a.content_id: a for a in mail.attachments if a.content_id and a.content_type in INLINE}
    room = INLINE_LIMIT
    remote = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal room, remote
        bare = "".join(c for c in value if c.isprintable() and not c.isspace())
        if name == "href":
            return value if bare.lower().startswith(("http://", "https://", "mailto:")) and not RUNS.search(bare) else None
        if name == "src":
            found = pictures.get(bare[4:]) if bare.lower().startswith("cid:") else None
            if found is None or len(found.content) > room:
                remote += bare.lower().startswith(("http:", "https:", "//"))
                return None
            room -= len(found.content)
            return f"data:{found.content_type};base64,{base64.b64encode(found.content).decode()}"
        return value

    body = re.sub(r"<base\b[^>]{0,500}>", "", mail.html[:2_000_000], flags=re.I)
    clean = nh3.clean(
        body,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "data", "cid"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
        clean_content_tags={"script", "style", "title", "head", "svg", "math", "template"},
    )
    return clean, remote
