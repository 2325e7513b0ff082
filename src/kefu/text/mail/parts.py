"""The tree of a mail's parts: its texts, its files, and what was left out."""

import binascii
import re
from collections.abc import Iterator
from email.message import Message

from kefu.text.mail import headers
from kefu.text.mail.bodies import UNPRINTABLE, body_of, content_type, file_name, made_up_name, plain_text, unflowed
from kefu.text.mail.charsets import decode
from kefu.text.mail.headers import clean, message_ids, parameter, raw_field
from kefu.text.mail.html import as_text
from kefu.text.mail.model import Attachment, Mail

MOST_PARTS = 400
DEEPEST = 40  # mails and multiparts inside one another
LONGEST_TEXT = 2_000_000  # characters of text taken from one mail
LARGEST_FILE = 60_000_000  # bytes
_UU = re.compile(rb"^begin [0-7]{3,4} (.{1,200})\r?$", re.M)


class Walk:
    """Collects texts and files from the tree of parts."""

    def __init__(self, mail: Mail, problems: list[str]) -> None:
        self.mail = mail
        self.problems = problems
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.files: list[Attachment] = []
        self.parts = 0

    def walk(self, message: Message) -> None:
        for part in self._leaves(message, 0):
            try:
                self._take(part)
            except Exception as error:  # one bad part must not cost the others
                self.problems.append(f"a part could not be read: {type(error).__name__}")
        mail = self.mail
        mail.html = "\n".join(self.htmls)[:LONGEST_TEXT]
        plain = "\n".join(text for text in self.texts if text.strip())[:LONGEST_TEXT]
        mail.text = plain if plain.strip() or not mail.html else plain_text(as_text(mail.html))
        mail.attachments = tuple(self.files)

    def _leaves(self, part: Message, depth: int) -> Iterator[Message]:
        self.parts += 1
        if self.parts > MOST_PARTS:
            self.problems.append("too many parts")
            return
        kind = content_type(part)
        if kind.startswith("message/") and depth:
            yield part  # a mail in a mail, or a server's report, is a file of this one
            return
        if not part.is_multipart():
            yield part
            return
        if depth > DEEPEST:
            self.problems.append("nested too deeply")
            return
        children = part.get_payload()
        for name, how in (("multipart/signed", "signed"), ("multipart/encrypted", "encrypted")):
            if kind == name:
                protocol = parameter(raw_field(part, "Content-Type"), "protocol").lower()
                setattr(self.mail, how, "smime" if "pkcs7" in protocol else "pgp")
        if isinstance(children, list):
            for child in children:
                if isinstance(child, Message):
                    yield from self._leaves(child, depth + 1)

    def _take(self, part: Message) -> None:
        kind = content_type(part)
        disposition = raw_field(part, "Content-Disposition")
        name = file_name(parameter(disposition, "filename") or parameter(raw_field(part, "Content-Type"), "name"))
        inline = not disposition.strip().lower().startswith("attachment")
        if kind in {"message/rfc822", "message/global"}:
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else part
            content = whole.as_bytes() if isinstance(whole, Message) else body_of(part)
            subject = headers.field(whole, "Subject") if isinstance(whole, Message) else ""
            self._file(Attachment(name or file_name(f"{subject or 'mail'}.eml"), kind, content))
            return
        content = body_of(part)
        if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
            self.mail.encrypted = self.mail.encrypted or "smime"
            self.problems.append("encrypted or signed with S/MIME")
        is_text = (
            kind in {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", ""}
            and inline
            and (not name or (kind == "text/html" and not disposition))
        )
        if is_text and not (name and self.texts):
            text, problem = decode(content, parameter(raw_field(part, "Content-Type"), "charset") or None)
            if problem:
                self.problems.append(problem)
            if kind == "text/html":
                self.htmls.append(clean(UNPRINTABLE.sub("", text)))
                return
            if kind in {"text/enriched", "text/richtext"}:
                text = re.sub(r"<[^<>]{0,200}>", "", text)
            if parameter(raw_field(part, "Content-Type"), "format").lower() == "flowed":
                text = unflowed(text, parameter(raw_field(part, "Content-Type"), "delsp").lower() == "yes")
            if _UU.search(content):
                text = self._uu(content, text)
            self.texts.append(plain_text(text))
            return
        if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.lower() == "winmail.dat":
            self._tnef(content)
            return
        if not name:
            name = made_up_name(kind)
        self._file(
            Attachment(
                name,
                kind or "application/octet-stream",
                content,
                inline and bool(raw_field(part, "Content-ID")),
                (message_ids(raw_field(part, "Content-ID")) or ("",))[0].strip("<>"),
            )
        )

    def _file(self, file: Attachment) -> None:
        if len(file.content) > LARGEST_FILE:
            self.problems.append(f"{file.name} is too large")
            return
        self.files.append(file)

    def _uu(self, content: bytes, text: str) -> str:
        """Files that stand uuencoded in the text, as old programs send them."""
        for found in list(_UU.finditer(content))[:20]:
            end = content.find(b"\nend", found.end())
            if end < 0:
                continue
            data = bytearray()
            for line in filter(None, content[found.end() : end].splitlines()):
                try:
                    data += binascii.a2b_uu(line)
                except binascii.Error:
                    continue
            self._file(Attachment(file_name(found[1].decode("utf-8", "replace")), "application/octet-stream", bytes(data)))
        return re.sub(r"(?ms)^begin [0-7]{3,4} [^\n]{1,200}\n.*?^end\s*$", "", text)

    def _tnef(self, content: bytes) -> None:
        """Outlook's winmail.dat: its files and, if the mail has no other, its text."""
        from kefu.text.mail.tnef import open_tnef

        opened = open_tnef(content)
        if opened is None:
            self.problems.append("winmail.dat could not be opened")
            self._file(Attachment("winmail.dat", "application/ms-tnef", content))
            return
        for name, data in opened.files[:MOST_PARTS]:
            self._file(Attachment(file_name(name) or "file", "application/octet-stream", data))
        if opened.html and not self.htmls:
            self.htmls.append(clean(UNPRINTABLE.sub("", opened.html)))
        if opened.text and not any(text.strip() for text in self.texts):
            self.texts.append(plain_text(opened.text))
