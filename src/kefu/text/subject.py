"""What a message is about, in one line: for the head of a ticket, of a mail, and for lists."""

import re

from kefu.text.entities import find

LONGEST = 80  # characters
SHORTEST = 8  # a first sentence below this, such as "Hi.", says nothing
LONG_NAMES = {"txid", "address", "url"}
_END = re.compile(r"[。！？!?…]+|\.(?=\s)|\n")


def subject_of(text: str) -> str:
    """The first sentence without what nobody reads out (transactions, addresses, links), cut between words.

    Short plain words stay as they are; of a text that is nothing but such a name, its beginning and end are shown.
    """
    names = [one for one in find(text) if one.kind in LONG_NAMES]
    line = " ".join(text.split())
    if not names and len(line) <= LONGEST:
        return line
    bare = text
    for one in reversed(names):
        bare = f"{bare[: one.start]} {bare[one.end :]}"
    bare = " ".join(_first_sentence(bare).split()).strip(" ,;:，；：、.。#-—")
    if not bare:
        return f"{names[0].value[:8]}…{names[0].value[-6:]}" if names else line[:LONGEST]
    return bare if len(bare) <= LONGEST else _cut(bare)


def _first_sentence(text: str) -> str:
    text = text.strip()
    for end in _END.finditer(text):
        if end.start() >= SHORTEST:
            return text[: end.end()]
    return text


def _cut(line: str) -> str:
    """At a space where there is one near the end; Chinese has none and is cut where it is."""
    head = line[: LONGEST - 1]
    space = head.rfind(" ", LONGEST // 2)
    return (head[:space] if space > 0 else head).rstrip(" ,;:，；：、") + "…"
