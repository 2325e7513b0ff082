"""The HTML of a template for entries that differ in a few values only: rendered once, with gaps for those.

Nearly everything that is said is a customer's plain words, and to each the template adds the same frame; walking through
all of its conditions again cost as much as storing the words. What it shows stays the template's alone.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kefu.conversations.models import Message
from kefu.web.ui.clock import when
from kefu.web.ui.messages import message_html

WORDS, KEY, NUMBER = "\ue000words\ue000", "\ue000key\ue000", 1_999_999_999
MOMENT = datetime(1999, 9, 9, 9, 9, 9, tzinfo=UTC)
PLAIN = {"rung", "choice"}  # what a message may carry without looking otherwise; ``rung`` agents see


def is_plain(message: Message) -> bool:
    """Whether it is a customer's words and nothing else: no files, nothing removed, nothing to warn of."""
    return bool(
        message.kind == Message.Kind.CUSTOMER
        and message.body
        and message.client_key
        and message.is_without_files
        and PLAIN.issuperset(message.data)
    )


class Stencil:
    """``render`` gets a sample message and the HTML of its words, and gives the template's HTML, in the active language.

    ``spoken``: the language of the words that it is for; ``rung``: what was proven when they were written.
    """

    def __init__(self, render: Callable[[Message, SafeString], str], spoken: str, rung: int = 0) -> None:
        data = {"rung": rung} if rung else {}
        sample = Message(kind="customer", seq=NUMBER, body=WORDS, language=spoken, client_key=KEY, data=data, created=MOMENT)
        sample.has_no_files()
        html = render(sample, mark_safe(WORDS))
        gaps = (WORDS, KEY, str(NUMBER), str(when(MOMENT, "time")))
        self._pieces = re.split("(" + "|".join(map(re.escape, gaps)) + ")", html)
        self._gaps = gaps

    def fill(self, message: Message) -> str:
        """The HTML of a plain message, with its moment in the active zone."""
        values = (message_html(message.body), escape(message.client_key), str(message.seq), str(when(message.created, "time")))
        filled = dict(zip(self._gaps, values, strict=True))
        return "".join([filled.get(piece, piece) for piece in self._pieces])
