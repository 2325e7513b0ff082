"""What is in a file, before it is kept: a secret is never stored, in whatever it is packed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from kefu.system.apart import Stopped, apart
from kefu.text.files import is_packed, look

HERE = 60_000  # bytes of plain text that are looked through at once; more, and whatever is packed, goes to a process of its own
SECONDS = 20
MAY_STAY = {"bank_account"}  # in documents that cannot be altered: a statement is what a deposit by bank is proven with


@dataclass(frozen=True)
class Inside:
    """``kinds`` of secrets in it; ``text``: a plain text file without them (None: they cannot be taken out, or it is no
    text); ``known``: False where it was too much to look through, so that nobody can say."""

    kinds: tuple[str, ...] = ()
    text: str | None = field(default=None, repr=False)
    known: bool = True


def inside(name: str, content: bytes) -> Inside:
    """Look through a file, within bounds of time and memory. Pictures, sound and video are not read."""
    packed = is_packed(content)
    if not packed and len(content) <= HERE:
        found = look(name, content)
        return _kept(found.kinds, found.text, found.whole)
    if not packed and not _may_be_text(content):
        return Inside()
    try:
        made = json.loads(apart("kefu.text.files.answer:answer", name[:200], content, seconds=SECONDS))
    except Stopped:
        return Inside(known=False)
    return _kept(made["kinds"], made["text"], made["whole"])


def _kept(kinds: Iterable[str], text: str | None, known: bool) -> Inside:
    return Inside(tuple(kind for kind in kinds if text is not None or kind not in MAY_STAY), text, known)


def _may_be_text(content: bytes) -> bool:
    head = content[:4096]
    return b"\x00" not in head or head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head.count(0) * 5 > len(head) * 2
