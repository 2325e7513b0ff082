"""From a chat form to an envelope."""

from dataclasses import dataclass

from kefu.conversations.envelope import Inbound

CHANNEL = "webchat"


@dataclass(frozen=True)
class Sender:
    """Who writes: a browser we gave a token to, a proven mailbox, or an account that the host site vouched for."""

    kind: str
    address: str


def parse(
    sender: Sender,
    *,
    text: str,
    key: str,
    thread: str = "",
    language: str = "",
    topic: str = "",
    choice: str = "",
    files: tuple[str, ...] = (),
) -> Inbound:
    """The envelope of what was typed, or of the button that was pressed. ``key`` is the browser's own id of it."""
    return Inbound(
        channel=CHANNEL,
        sender_kind=sender.kind,
        sender=sender.address,
        text=text,
        key=key,
        thread=thread,
        language=language,
        topic=topic,
        choice=choice,
        live=True,
        files=files,
    )
