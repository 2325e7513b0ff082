"""The icons: small line drawings, inlined so that a page needs no further request."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FILE = Path(__file__).with_name("icons.toml")


@cache
def drawings() -> dict[str, str]:
    """Name → inner SVG of every icon in ``icons.toml``."""
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def icon(name: str, classes: str = "") -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the words beside it carry the meaning.

    ``classes``: ``flip`` for arrows that turn round in right-to-left scripts, ``ok``, ``warn``, ``bad`` for
    colour. Raises ``KeyError`` for an unknown name, so that a typing error shows in the first test.
    """
    drawing = mark_safe(drawings()[name])
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', f"icon {classes}".strip(), drawing)
