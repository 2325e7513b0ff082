"""Links inside texts that stay right when addresses change: `article:slug`, `topic:slug`, `page:name`."""

PAGES = {
    "verify": "verify/",
    "contact": "contact/",
    "status": "announcements/",
    "chat": "chat/",
    "announcements": "announcements/",
    "glossary": "glossary/",
    "academy": "academy/",
    "errors": "errors/",
}


def resolve(href: str, language: str) -> str | None:
    """The address of an internal link in the reader's language; None for a kind that does not exist."""
    kind, _, name = href.partition(":")
    if kind == "article":
        return f"/{language}/articles/{name}/"
    if kind == "topic":
        return f"/{language}/topics/{name}/"
    if kind == "page" and name in PAGES:
        return f"/{language}/{PAGES[name]}"
    return None
