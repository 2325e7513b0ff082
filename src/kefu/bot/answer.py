"""The bot hears a customer."""

from kefu.conversations.models import Event


def answer(event: Event) -> None:
    """Placeholder of the flow; replaced below."""
