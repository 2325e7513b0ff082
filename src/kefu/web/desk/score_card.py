"""The score card in words."""

from django.utils.translation import gettext as _

from kefu.surveys.review import CARD


def card() -> list[tuple[str, str]]:
    """The score card's lines: name and words."""
    return [(name, criterion(name)) for name in CARD]


def criterion(name: str) -> str:
    """What a score stands for."""
    return {
        "right": _("The answer is right"),
        "complete": _("Nothing is missing"),
        "clear": _("It is easy to understand"),
        "kind": _("The tone fits"),
        "safe": _("Identity and security were kept"),
    }.get(name, name)
