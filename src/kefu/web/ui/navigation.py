"""The main navigation of the public pages: what exists is shown, in this order."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PUBLIC = (
    (_("Help"), "help-home"),
    (_("News and status"), "help-status"),
    (_("Community"), "community-home"),
    (_("API support"), "developers-home"),
    (_("Official channels"), "help-verify"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: its words, its address, and whether the reader is there."""

    label: str | Promise
    url: str
    current: bool


def address_of(name: str) -> str:
    """The address of a page by the name of its URL; empty when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def places(request: HttpRequest) -> list[Place]:
    """The navigation as this reader sees it; the longest matching address is the current one."""
    found = [(label, url) for label, name in PUBLIC if (url := address_of(name))]
    here = max((url for _label, url in found if request.path.startswith(url)), key=len, default="")
    if here != request.path and here == address_of("help-home"):
        here = ""  # everything lies below the home page; only the page itself is it
    return [Place(label, url, url == here) for label, url in found]
