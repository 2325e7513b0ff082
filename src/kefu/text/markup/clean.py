"""HTML without anything that runs, loads, covers the page or pretends to be us."""

import re

import nh3

TAGS = {
    "a", "abbr", "aside", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "aside": {"data-kind"},
    "code": {"class"},
    "div": {"class", "tabindex", "role"},
    "h1": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"colspan", "rowspan", "class"},
    "th": {"colspan", "rowspan", "scope", "class"},
}
# Addresses that run something in some browser, whatever stands around them.
RUNS = re.compile(r"(?:java|vb|live)script:|data:(?!image/(?:png|jpeg|gif|webp))", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto", "tel"}
# Class names that our own renderer gives: nothing else, least of all a seal, can come from text.
CLASSES = {"highlight", "scroll-x", "r", "c", "code-tabs", "video", "tree"}
PREFIXES = ("language-", "hl-")


def clean(html: str) -> str:
    """Safe HTML. Idempotent; checks come after parsing, so that nothing is put together again behind them."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [word for word in value.split() if word in CLASSES or word.startswith(PREFIXES)]
        return " ".join(kept) or None
    if name in {"href", "src"} and RUNS.search("".join(c for c in value if c.isprintable() and not c.isspace())):
        return None
    if name == "id":
        return value if value.startswith("s-") else f"s-{value}"
    if name == "role":
        return "region" if value == "region" else None
    if name == "tabindex":
        return "0"
    return value
