"""Files as customers send them, with words in them, for tests of what is looked at before a file is kept."""

import gzip
import io
import zipfile
from base64 import encodebytes


def pdf(words: str) -> bytes:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(50, 700, words)
    page.showPage()
    page.save()
    return out.getvalue()


def zipped(**files: "str | bytes") -> bytes:
    """A ZIP archive; "__" in a name stands for "/" and "_" for "."."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def docx(words: str) -> bytes:
    """As Word writes it: one word may be spread over several runs."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{one[:2]}</w:t></w:r><w:r><w:t>{one[2:]}</w:t></w:r></w:p>" for one in words.split())
    return _office({"word/document.xml": f"<w:document><w:body>{paragraphs}</w:body></w:document>"})


def xlsx(words: str) -> bytes:
    """As Excel writes it: the cells name places in a list of all words, each of which stands there once."""
    listed = sorted(set(words.split()))
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>{listed.index(one)}</v></c></row>'
        for n, one in enumerate(words.split(), 1)
    )
    return _office(
        {
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t>{one}</t></si>" for one in listed) + "</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
        }
    )


def _office(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", **files}.items():
            archive.writestr(name, content)
    return out.getvalue()


def forwarded(words: str) -> bytes:
    """A mail saved as a file, its text in Base64."""
    head = b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + encodebytes(words.encode())


def everywhere(words: str) -> dict[str, bytes]:
    """The same words in every kind of file that has text."""
    return {
        "notes.txt": words.encode(),
        "wide.txt": words.encode("utf-16"),
        "list.csv": "\r\n".join(f"{n},{one}" for n, one in enumerate(words.split(), 1)).encode(),
        "data.json": ('["' + '", "'.join(words.split()) + '"]').encode(),
        "page.xml": ("<p>" + "</b> <b>".join(words.split()) + "</p>").encode(),
        "mail.eml": forwarded(words),
        "rich.txt": ("{\\rtf1\\ansi " + "\\par ".join(words.split()) + "}").encode(),
        "scan.pdf": pdf(words),
        "letter.docx": docx(words),
        "table.xlsx": xlsx(words),
        "logs.zip": zipped(logs__app_log=words, other_txt="nothing"),
        "twice.zip": zipped(inner_zip=zipped(seed_txt=words)),
        "app.log.gz": gzip.compress(words.encode()),
    }
