"""What people wrote, as safe HTML."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kefu.text.markup import bare, render_message

MARK = re.compile(r"\[removed: ([a-z_]+)\]")


def message_html(text: str) -> SafeString:
    """``{{ message.body|message_html }}``: a chat message's Markdown; nothing in it can run or look official.

    What the guard took out is shown as such, in the reader's language.
    """
    return mark_safe(MARK.sub(_removed, render_message(text)))


def plain_marks(text: str) -> str:
    """A line of plain text: without the marks of Markdown, and with those of the guard in the reader's language."""
    return MARK.sub(lambda match: f"[{name_of(match[1])}]", bare(text))


def _removed(match: re.Match[str]) -> str:
    return f'<span class="redacted">{escape(name_of(match[1]))}</span>'


def name_of(kind: str) -> str:
    """What was removed, such as "seed phrase removed"."""
    return {
        "seed_phrase": _("seed phrase removed"),
        "private_key": _("private key removed"),
        "extended_key": _("private key removed"),
        "keystore": _("wallet file removed"),
        "api_secret": _("API secret removed"),
        "passphrase": _("passphrase removed"),
        "password": _("password removed"),
        "one_time_code": _("code removed"),
        "card_number": _("card number removed"),
        "id_number": _("ID number removed"),
        "bank_account": _("bank account removed"),
    }.get(kind, _("secret removed"))
