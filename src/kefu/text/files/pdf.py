"""The text of a PDF: its pages, its form's fields, the files attached to it."""

import io
from collections.abc import Iterator

from kefu.text.files.allowance import Allowance

PAGES = 300


def pdf_text(content: bytes, allowance: Allowance) -> Iterator[tuple[str, str | bytes]]:
    """(name, text) of each page and field, (name, content) of each attached file. A locked or broken PDF yields what
    can be read of it. Slow on hostile files: call it where it can be stopped."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return
        pages = reader.pages[:PAGES]
    except Exception:  # the library raises whatever its reader meets
        return
    for page in pages:
        try:
            yield "page", allowance.text(page.extract_text())
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError, ArithmeticError, LookupError):
            continue
        except Exception as error:
            if type(error).__module__.startswith("pypdf"):
                continue
            raise
    for value in _fields(reader):
        yield "field", allowance.text(value)
    yield from _attached(reader, allowance)


def _fields(reader: object) -> list[str]:
    try:
        found = reader.get_fields() or {}  # type: ignore[attr-defined]
        return [str(field.get("/V", "")) for field in found.values()]
    except Exception:
        return []


def _attached(reader: object, allowance: Allowance) -> list[tuple[str, str | bytes]]:
    try:
        found = reader.attachments  # type: ignore[attr-defined]
        return [(str(name), allowance.file(one)) for name, several in found.items() for one in several]
    except Exception:
        return []
