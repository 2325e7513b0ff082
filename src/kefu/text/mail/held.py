"""Large files of a mail, left in the bytes that came instead of being taken through the parser.

Python's parser makes a string of every line: a file of 22 MB costs it 150 MB. Lines of nothing but base64 are no part of a
mail's structure, for a boundary begins with two hyphens and a header field has a colon. So a long run of them is replaced by
one line before the mail is parsed, and its bytes are looked up when somebody wants the file.
"""

import re
import secrets
from dataclasses import dataclass
from email.message import Message

LEAST = 64 * 1024  # bytes of a run that is worth it
_RUN = re.compile(rb"(?:^[A-Za-z0-9+/]{40,200}\r?\n)++", re.M)


@dataclass(frozen=True)
class Stretch:
    """The bytes ``begin`` to ``end`` of ``raw``, for which ``name`` stands in the parsed mail."""

    raw: bytes
    name: str
    begin: int
    end: int


@dataclass(frozen=True)
class Held:
    """A part's content as the mail has it: what the parser kept of it, and the stretches that it did not see."""

    text: str
    stretches: tuple[Stretch, ...]

    def view(self) -> "bytes | memoryview":
        """The content's bytes; where they stand in one piece in the mail nothing is copied."""
        first = self.stretches[0]
        head, _, tail = self.text.partition(first.name)
        before, after = (one.encode("ascii", "surrogateescape") for one in (head, tail))
        begin, end = first.begin - len(before), first.end + len(after)
        if len(self.stretches) == 1 and begin >= 0 and first.raw[begin : first.begin] == before and first.raw[first.end : end] == after:
            return memoryview(first.raw)[begin:end]
        whole = self.text.encode("ascii", "surrogateescape")
        for one in self.stretches:
            whole = whole.replace(one.name.encode(), one.raw[one.begin : one.end])
        return whole


def without_large(raw: bytes) -> tuple[bytes, list[Stretch]]:
    """The mail with a name in place of each large stretch, and the stretches. Names cannot be guessed by who writes a mail."""
    stretches: list[Stretch] = []
    pieces: list[bytes] = []
    mark, at = secrets.token_hex(16), 0
    for found in _RUN.finditer(raw):
        begin, end = found.span()
        if end - begin < LEAST:
            continue
        end -= 2 if raw[end - 2 : end] == b"\r\n" else 1
        stretches.append(Stretch(raw, f"held.{mark}.{len(stretches)}.", begin, end))
        pieces += [raw[at:begin], stretches[-1].name.encode()]
        at = end
    return (b"".join([*pieces, raw[at:]]), stretches) if stretches else (raw, [])


def give_back(message: Message, stretches: list[Stretch]) -> None:
    """Tell each part what of it is held. A mail inside a mail gets its text back: it is written out as a whole."""
    if stretches:
        _give_back(message, stretches, inside=False)


def _give_back(part: Message, stretches: list[Stretch], *, inside: bool) -> None:
    payload = part._payload  # type: ignore[attr-defined]
    if inside:
        part.preamble, part.epilogue = _restored(part.preamble, stretches), _restored(part.epilogue, stretches)
    if isinstance(payload, list):
        for child in payload:
            if isinstance(child, Message):
                _give_back(child, stretches, inside=inside or part.get_content_maintype() == "message")
    elif isinstance(payload, str) and (here := tuple(one for one in stretches if one.name in payload)):
        if inside:
            part._payload = _restored(payload, list(here))  # type: ignore[attr-defined]
        else:
            part.held = Held(payload, here)  # type: ignore[attr-defined]


def _restored(text: str | None, stretches: list[Stretch]) -> str | None:
    for one in stretches if text else ():
        if text and one.name in text:
            text = text.replace(one.name, one.raw[one.begin : one.end].decode("ascii"))
    return text
