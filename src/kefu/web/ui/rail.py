"""The entries of the rail. In Python: there are some twenty of them on every page for staff."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from kefu.web.ui.icons import icon


def rail_entries(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """``{% rail_entries section.entries %}``: links with a picture, a name and a number.

    Of each entry: ``label``, ``url``, ``icon`` (may be empty), ``count`` (shown unless None), ``late`` (the number is
    marked), ``current`` (one is there).
    """
    return mark_safe("".join(_entry(one) for one in entries))


def _entry(one: Mapping[str, Any]) -> str:
    label, count = escape(str(one["label"])), one.get("count")
    here = ' aria-current="page"' if one.get("current") else ""
    drawing = icon(one["icon"]) if one.get("icon") else ""
    late = ' class="late"' if one.get("late") else ""
    number = f"<span{late}>{escape(str(count))}</span>" if count is not None else ""
    return f'<a href="{escape(str(one["url"]))}" title="{label}"{here}>{drawing}<b class="t">{label}</b>{number}</a>'
