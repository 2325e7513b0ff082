"""How much of a file is looked at: what was made to be endless ends here."""


class TooMuch(Exception):
    """The file holds more text, or more files, than is looked through."""


class Allowance:
    """Characters, bytes and files that one look may spend, over all that is packed into one another."""

    def __init__(self, *, characters: int = 6_000_000, unpacked: int = 60_000_000, files: int = 400, depth: int = 4) -> None:
        self.characters, self.unpacked, self.files, self.depth = characters, unpacked, files, depth

    def text(self, text: str) -> str:
        """``text``, if there is room for it."""
        self.characters -= len(text)
        if self.characters < 0:
            raise TooMuch
        return text

    def file(self, content: bytes) -> bytes:
        """One more file that came out of another."""
        self.files -= 1
        self.unpacked -= len(content)
        if self.files < 0 or self.unpacked < 0:
            raise TooMuch
        return content
