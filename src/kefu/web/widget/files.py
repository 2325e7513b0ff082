"""Files in the chat: signed, short-lived addresses for those who may see them."""

from dataclasses import dataclass

from kefu.conversations.files import signed_address
from kefu.conversations.models import Message


@dataclass(frozen=True)
class ShownFile:
    name: str
    size: int
    is_image: bool
    url: str
    thumbnail: str


def shown_files(message: Message) -> list[ShownFile]:
    """The files of a message with addresses that work for some hours."""
    return [
        ShownFile(
            name=a.name,
            size=a.size,
            is_image=a.is_image,
            url=signed_address(a),
            thumbnail=signed_address(a, thumbnail=True) if a.thumbnail_key else "",
        )
        for a in message.files
    ]
