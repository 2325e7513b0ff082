"""From a mail to an envelope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kefu.conversations.envelope import Inbound
from kefu.conversations.guard import MAX_CHARACTERS
from kefu.text.mail import Mail, visible_text

CHANNEL = "email"
ROOM = 600  # characters left for what we add to a text that is too long


@dataclass(frozen=True)
class Parsed:
    """``text`` is what the person wrote, ``whole`` the mail's full text with all that it quotes; ``cut`` that the text
    was longer than a message may be."""

    text: str = field(repr=False)
    whole: str = field(repr=False)
    cut: bool


def words_of(mail: Mail) -> Parsed:
    """The person's own words: from the plain text, or from the HTML where the plain part says nothing."""
    text = visible_text(mail.text)
    if mail.html and len(text.strip()) < 2:
        text = visible_text(mail.html, html=True)
    whole = mail.text
    cut = len(text) > MAX_CHARACTERS - ROOM
    return Parsed(text[: MAX_CHARACTERS - ROOM] if cut else text, whole, cut)


def parse(
    mail: Mail,
    parsed: Parsed,
    *,
    kind: str,
    thread: str,
    let_in: bool,
    language: str,
    topic: str,
    files: tuple[str, ...],
    uploader: str,
    about: Mapping[str, Any],
    removed: tuple[str, ...] = (),
) -> Inbound:
    """The envelope of a mail; ``about`` is what the desk shows beside the words, ``removed`` what was not kept of it.

    Its key is the Message-ID, or the text's hash where a mail has none.
    """
    return Inbound(
        channel=CHANNEL,
        sender_kind=kind,
        sender=mail.sender.lower()[:254],
        sender_name=mail.sender_name[:80],
        text=parsed.text,
        key=key_of(mail),
        thread=thread,
        let_in=let_in,
        subject=mail.subject[:200],
        language=language,
        topic=topic,
        files=files,
        uploader=uploader,
        about=about,
        removed=removed,
    )


def key_of(mail: Mail) -> str:
    """The same mail has the same key, over whichever mailbox it comes.

    The text belongs to it: else a forger who guesses a Message-ID could make the true mail look like one seen before.
    """
    made = "\n".join((mail.message_id or f"{mail.date}", mail.sender.lower(), mail.subject, mail.text))
    return sha256(made.encode()).hexdigest()[:48]
