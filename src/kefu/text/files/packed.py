"""Files inside files: ZIP archives, gzip, and the documents of office programs, which are ZIP archives of XML."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

from kefu.text.files.allowance import Allowance

MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin|Basic/|Scripts/)", re.I)
_DOCUMENT = re.compile(
    r"^(?:word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)|ppt/(?:slides|notesSlides)/\w+|content|styles)\.xml$"
)
_SHEET = re.compile(r"^xl/worksheets/\w+\.xml$")
_ENDS = re.compile(r"</(?:w:p|a:p|text:p|text:h|table:table-cell|w:tc)>|<(?:w:br|w:tab|w:cr|text:tab|text:line-break|text:s)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_CELL = re.compile(r"<c\b([^>]*)>(.*?)</c>", re.S)
_VALUE = re.compile(r"<v[^>]*>(.*?)</v>", re.S)


def members(content: bytes, allowance: Allowance) -> Iterator[tuple[str, bytes]]:
    """The files of a ZIP archive, each as far as there is room; what is locked or broken is passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir() or info.flag_bits & 1:
                    continue
                try:
                    with archive.open(info) as file:
                        yield info.filename, allowance.file(file.read(allowance.unpacked + 1))
                except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
                    continue
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, UnicodeDecodeError):
        return


def unzipped(content: bytes, allowance: Allowance) -> bytes:
    """What a gzip file holds; as much as can be read of a broken one."""
    reader = zlib.decompressobj(31)
    try:
        made = reader.decompress(content, allowance.unpacked + 1)
    except zlib.error:
        return b""
    return allowance.file(made)


def office(names: set[str]) -> str:
    """What kind of office document an archive is: "docx", "xlsx", "pptx", "odf", or "" for an ordinary archive."""
    if "[Content_Types].xml" in names:
        return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else "pptx"
    return "odf" if "content.xml" in names and "mimetype" in names else ""


def document_text(files: dict[str, bytes]) -> Iterator[str]:
    """The text of an office document: paragraphs as lines, cells side by side."""
    for name, content in files.items():
        if _DOCUMENT.match(name):
            yield _words(content)
    if any(_SHEET.match(name) for name in files):
        shared = [
            _words(one.encode())
            for one in re.findall(r"<si\b.*?</si>", files.get("xl/sharedStrings.xml", b"").decode("utf-8", "replace"), re.S)
        ]
        for name, content in files.items():
            if _SHEET.match(name):
                yield _sheet(content.decode("utf-8", "replace"), shared)


def _sheet(xml: str, shared: list[str]) -> str:
    """The cells of a sheet, row by row, and then once more column by column: words stand either way."""
    rows: list[list[str]] = []
    columns: dict[str, list[str]] = {}
    for row in re.findall(r"<row\b.*?</row>", xml, re.S):
        cells = []
        for about, inside in _CELL.findall(row):
            value = _VALUE.search(inside)
            words = unescape(value[1]) if value else _words(inside.encode())
            if 't="s"' in about and words.isdecimal() and int(words) < len(shared):
                words = shared[int(words)]
            cells.append(words)
            place = re.search(r'\br="([A-Z]+)\d', about)
            columns.setdefault(place[1] if place else "", []).append(words)
        rows.append(cells)
    lines = [" ".join(filter(None, cells)) for cells in rows]
    return "\n".join([*lines, "", *(" ".join(filter(None, cells)) for cells in columns.values() if len(cells) > 1)])


def _words(xml: bytes) -> str:
    return unescape(_TAG.sub("", _ENDS.sub("\n", xml.decode("utf-8", "replace")))).strip()
