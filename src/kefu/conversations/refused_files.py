"""Why a file was not taken, and what to do instead: the same words wherever one is sent."""

from django.conf import settings
from django.utils.translation import gettext as _

from kefu.conversations.advice import what_to_do
from kefu.conversations.files import BadUpload


def why_refused(error: BadUpload) -> str:
    """In the active language. For a secret: what was found, that nothing was kept, and how to be safe now."""
    if error.reason == "secret":
        found = _("This file was not kept: there is %(what)s in it. Take that out and send it again, or send a screenshot of the rest.")
        return " ".join([found % {"what": named(error.kinds)}, *what_to_do(list(error.kinds))])
    return {
        "too_large": _("The file is larger than %(limit)d MB. Send a smaller one, or a part of it.")
        % {"limit": settings.UPLOAD_LIMIT // 2**20},
        "empty": _("The file is empty."),
        "type": _("Files of this kind are not taken. Send an image, a video, a PDF, a document, a text or a log."),
        "content": _("The content does not fit the file's ending. Save it again, or send a screenshot."),
        "image": _("This image cannot be read. Save it as PNG or JPEG and try again."),
        "macros": _("This document carries a program (macros). Save it without, or as PDF."),
        "unknown": _(
            "This file was not kept: there is too much in it to look through it for secrets. Send the part that matters, or a screenshot."
        ),
    }[error.reason]


def named(kinds: tuple[str, ...]) -> str:
    """What was found, in words."""
    words = {
        "seed_phrase": _("a seed phrase"),
        "private_key": _("a private key"),
        "extended_key": _("a private key"),
        "keystore": _("a wallet file"),
        "api_secret": _("an API secret"),
        "passphrase": _("a passphrase"),
        "password": _("a password"),
        "one_time_code": _("a one-time code"),
        "card_number": _("a card number"),
        "id_number": _("an ID number"),
    }
    return _(", ").join(dict.fromkeys(words.get(kind, _("a secret")) for kind in kinds))
