"""Bytes that are text, and bytes that are not."""

import codecs
import re
from collections.abc import Iterator
from html import unescape

_ODD = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\??|\\(par|line|tab|cell|row)\b ?|\\[a-zA-Z]+-?\d* ?|\\[^a-zA-Z]|[{}]")
_BREAKS = re.compile(r"</?(?:p|div|br|tr|td|th|li|h[1-6]|pre|table|ul|ol|blockquote)\b[^<>]{0,2000}>", re.I)
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,4000}>")
_COMMENT = re.compile(r"<!--(.{0,20000}?)-->", re.S)
_VALUES = re.compile(r"""\b(?:alt|title|href|src|value|content|data-[\w-]{1,40})\s{0,5}=\s{0,5}["']([^"'<>]{10,4000})["']""", re.I)
_RUNS = re.compile(rb"[\t\n\r\x20-\x7e]{4,}")
_WIDE_RUNS = re.compile(rb"(?:[\t\n\r\x20-\x7e]\x00){4,}")


def plain(content: bytes) -> str | None:
    """The text of a plain text file, whatever it was saved as; None for anything else."""
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _strict(content, "utf-16")
    if b"\x00" in content[:4096]:
        half = content[:4096]
        name = "utf-16-le" if half[1::2].count(0) * 2 > len(half[1::2]) else "utf-16-be" if half[::2].count(0) * 2 > len(half[::2]) else ""
        return _strict(content, name) if name else None
    for name in ("utf-8-sig", "gb18030"):
        if (text := _strict(content, name)) is not None:
            return text
    return None


def _strict(content: bytes, name: str) -> str | None:
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return None
    if "\x00" in text or len(_ODD.findall(text[:20_000])) * 50 > len(text[:20_000]):
        return None
    return text


def without_rtf(text: str) -> str:
    """The words of a rich text file."""

    def said(found: re.Match[str]) -> str:
        if found[1]:
            return bytes([int(found[1], 16)]).decode("cp1252", "replace")
        if found[2]:
            return chr(int(found[2]) % 65536).encode("utf-8", "replace").decode()
        return "\n" if found[3] in {"par", "line", "row"} else " " if found[3] else ""

    return _RTF.sub(said, text)


def untagged(markup: str) -> Iterator[str]:
    """The words of a page without its tags: as they run on, each tag taken for a gap, and what stands in the tags.
    Quotations stay."""
    bare = _COMMENT.sub("", markup)
    flowing = unescape(_ANY_TAG.sub("", _BREAKS.sub("\n", bare)))
    yield flowing
    gaps = unescape(_ANY_TAG.sub(" ", bare))
    if gaps.split() != flowing.split():
        yield gaps
    if hidden := "\n".join((*_COMMENT.findall(markup), *map(unescape, _VALUES.findall(bare)))):
        yield hidden


def strings(content: bytes) -> str:
    """What can be read in a file whose layout is not known, such as Word's old one: a line for each run of letters."""
    narrow = (run.decode("ascii") for run in _RUNS.findall(content))
    wide = (run[::2].decode("ascii") for run in _WIDE_RUNS.findall(content))
    return "\n".join((*narrow, *wide))
