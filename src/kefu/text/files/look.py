"""A file looked through for secrets: as plain text, as a page, as a mail, as a document, and all that is packed in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kefu.text.files import packed
from kefu.text.files.allowance import Allowance, TooMuch
from kefu.text.files.pdf import pdf_text
from kefu.text.files.plain import plain, strings, untagged, without_rtf
from kefu.text.secrets import redact

ZIP, GZIP, OLE, PDF = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF-"


@dataclass(frozen=True)
class Looked:
    """``kinds`` of secrets that are in it; ``text`` is a plain text file without them, None where they cannot be taken
    out or it is no text; ``whole`` is False when there was too much to look through."""

    kinds: tuple[str, ...] = ()
    text: str | None = field(default=None, repr=False)
    whole: bool = True


def look(name: str, content: bytes, allowance: Allowance | None = None) -> Looked:
    """Look through a file by its content; ``name`` only tells a mail from other text. Never raises on what is in it."""
    allowance = allowance or Allowance()
    kinds: set[str] = set()
    text = None if is_packed(content) else plain(content)
    try:
        made = None
        if text is not None:
            found = redact(allowance.text(text))
            made = found.text
            kinds |= {str(one.kind) for one in found.findings}
        deeper = {kind for view in _views(name, content, made, allowance) for kind in _kinds(view)}
    except TooMuch:
        return Looked(tuple(sorted(kinds)), None, whole=False)
    # What only shows once tags or packing are gone cannot be cut out of the file as it lies.
    return Looked(tuple(sorted(kinds | deeper)), None if deeper else made)


def is_packed(content: bytes) -> bool:
    """Must it be unpacked to be read? A PDF may begin with something else (ISO 32000-1, annex H)."""
    return content.startswith((ZIP, GZIP, OLE)) or PDF in content[:1024]


def _kinds(text: str) -> set[str]:
    return {str(one.kind) for one in redact(text.replace("\x00", "")).findings}


def _views(name: str, content: bytes, text: str | None, allowance: Allowance) -> Iterator[str]:
    """Every further text that a reader of the file would see."""
    if text is not None:
        yield from _of_text(name, text, allowance)
    elif content.startswith(ZIP):
        yield from _of_archive(content, allowance)
    elif content.startswith(GZIP):
        yield from _of_inner(name.removesuffix(".gz"), packed.unzipped(content, allowance), allowance)
    elif PDF in content[:1024]:
        for inner, found in pdf_text(content, allowance):
            if isinstance(found, str):
                yield found
            else:
                yield from _of_inner(inner, found, allowance)
    elif content.startswith(OLE):
        yield allowance.text(strings(content))


def _of_text(name: str, text: str, allowance: Allowance) -> Iterator[str]:
    from kefu.text.mail import read

    head = text[:2000].lower()
    if head.lstrip().startswith("{\\rtf"):
        yield allowance.text(without_rtf(text))
    elif name.lower().endswith(".eml"):
        mail = read(text.encode())
        yield from (allowance.text(one) for one in (mail.subject, mail.text, *untagged(mail.html)))
        for attachment in mail.attachments:
            yield from _of_inner(attachment.name, allowance.file(attachment.content), allowance)
    elif "<html" in head or "<!doctype html" in head or "</" in text[:20_000]:
        yield from (allowance.text(one) for one in untagged(text))


def _of_archive(content: bytes, allowance: Allowance) -> Iterator[str]:
    files = dict(packed.members(content, allowance))
    if packed.office(set(files)):
        yield from map(allowance.text, packed.document_text(files))
        files = {name: inner for name, inner in files.items() if "/embeddings/" in name}
    for name, inner in files.items():
        yield from _of_inner(name, inner, allowance)


def _of_inner(name: str, content: bytes, allowance: Allowance) -> Iterator[str]:
    """A file in a file: its own text, and whatever is in that again."""
    if allowance.depth <= 0:
        raise TooMuch
    allowance.depth -= 1
    text = None if is_packed(content) else plain(content)
    if text is not None:
        yield allowance.text(text)
    yield from _views(name, content, text, allowance)
    allowance.depth += 1
