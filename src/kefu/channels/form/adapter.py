"""From a ticket form to an envelope."""

from collections.abc import Mapping

from kefu.conversations.envelope import Inbound

CHANNEL = "form"


def parse(
    kind: str,
    address: str,
    *,
    topic: str,
    text: str,
    key: str,
    fields: Mapping[str, str],
    subject: str = "",
    urgency: str = "",
    language: str = "",
    thread: str = "",
    files: tuple[str, ...] = (),
    uploader: str = "",
    by_link: bool = False,
) -> Inbound:
    """The envelope of a ticket form, or of what is added on a ticket's page (``thread``).

    ``kind`` and ``address`` name a sender who was proven: a mailbox by its code, an account by its sign-in. ``by_link``: who
    writes showed no more than the link that we sent.
    """
    return Inbound(
        channel=CHANNEL,
        sender_kind=kind,
        sender=address,
        text=text,
        key=key,
        thread=thread,
        subject=subject,
        language=language,
        topic=topic,
        files=files,
        uploader=uploader,
        fields=fields,
        urgency=urgency,
        about={"by_link": True} if by_link else {},
    )
