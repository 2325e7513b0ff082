"""What can go wrong when somebody acts on a conversation; each type says what the caller can do."""


class NotAllowed(Exception):
    """This person may not do this here."""


class Conflict(Exception):
    """Somebody else was faster, or the conversation is in another state; ``current`` says what holds now."""

    def __init__(self, current: str) -> None:
        super().__init__(current)
        self.current = current


class Refused(Exception):
    """The text may not go out as it is; ``reason`` names the rule, ``detail`` what it found."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class TooLong(Exception):
    """The text is longer than a message may be; ``limit`` is in characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class BadRecipient(ValueError):
    """What was typed as a mail address is none."""
