"""What a handler may say about its failure."""

from datetime import datetime


class PermanentError(Exception):
    """Trying again cannot help: show it to people at once."""


class TemporaryError(Exception):
    """Try again; ``retry_at`` says when, if the other side told us."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at
