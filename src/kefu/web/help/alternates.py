"""The same page in the other languages, for the language menu and for search engines."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def alternates(name: str, *args: object, among: "set[str] | None" = None) -> list[tuple[str, str]]:
    """(language, path) of a page in each language, or in those of ``among``."""
    found = []
    for code, _ in settings.LANGUAGES:
        if among is None or code in among:
            with override(code):
                found.append((code, reverse(name, args=args)))
    return found
