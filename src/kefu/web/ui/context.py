"""What every template knows about the site: brand, address, theme, navigation, languages."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from kefu.web.ui.navigation import Place, places
from kefu.web.ui.theme import theme_of


@dataclass
class Site:
    """Read by the base templates as ``site``; everything is worked out only when it is shown."""

    request: HttpRequest

    @cached_property
    def brand(self) -> str:
        """The operator's name in the reader's language."""
        names: dict[str, str] = settings.BRAND
        return names.get(get_language() or "", "") or names["en"]

    @cached_property
    def host(self) -> str:
        """The host name that people should see in their address bar."""
        return urlsplit(settings.SITE_URL).netloc

    @cached_property
    def theme(self) -> str:
        """``light``, ``dark`` or nothing."""
        return theme_of(self.request)

    @cached_property
    def navigation(self) -> list[Place]:
        """The main navigation of public pages."""
        return places(self.request)

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        """This very page in every language, where addresses carry the language; otherwise nothing."""
        here = self.request.get_full_path()
        pages = [(code, translate_url(here, code)) for code, _name in settings.LANGUAGES]
        return pages if len({url for _code, url in pages}) > 1 else []


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"site": Site(request), "LANGUAGES": settings.LANGUAGES}


def own_site(context: Any) -> Site | None:
    """``{% own_site as site %}``: ours, also where a library's view has put something else under that name."""
    request = context.get("request")
    return Site(request) if request is not None else None
