"""A mail as it came over the wire, read into its parts. Never raises, whatever the bytes are."""

import re
from datetime import datetime
from email.feedparser import BytesFeedParser
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from kefu.text.mail import headers
from kefu.text.mail.bodies import plain_text
from kefu.text.mail.charsets import decode
from kefu.text.mail.floods import bounded
from kefu.text.mail.headers import addresses, all_fields, clean, message_ids, raw_field, unfold
from kefu.text.mail.held import give_back, without_large
from kefu.text.mail.model import Mail
from kefu.text.mail.parts import DEEPEST, LONGEST_TEXT, Walk

PIECE = 64 * 1024  # bytes that the parser gets at a time


def read(raw: bytes) -> Mail:
    """A mail from its bytes (RFC 5322, 2045–2047, 2231), as far as it can be read.

    What is too deep, too many or too large is left out and said in ``problems``. The raw bytes are not kept.
    """
    return read_with_tree(raw)[0]


def read_with_tree(raw: bytes) -> tuple[Mail, Message | None]:
    """``read``, with the tree of parts that it was read from, for whoever asks more of the same mail."""
    problems: list[str] = []
    try:
        raw, left_out = bounded(_without_envelope(raw))
        problems += left_out
        small, stretches = without_large(raw)
        message = _parsed(small, problems)
        give_back(message, stretches)
        return _read(message, problems), message
    except Exception as error:  # whatever a mail does to us, it must not be lost
        problems.append(f"could not be read: {type(error).__name__}")
        text, _ = decode(raw[:LONGEST_TEXT], None)
        return Mail(text=plain_text(text), problems=tuple(problems)), None


def parse(raw: bytes, problems: list[str] | None = None) -> Message:
    """The tree of a mail's parts; of one nested too deeply only the top."""
    problems = problems if problems is not None else []
    raw, left_out = bounded(_without_envelope(raw))
    problems += left_out
    return _parsed(raw, problems)


def _parsed(raw: bytes, problems: list[str]) -> Message:
    try:
        if _nesting(raw) > DEEPEST * 2:
            raise RecursionError
        feed = BytesFeedParser(policy=compat32)
        for at in range(0, len(raw), PIECE):  # BytesParser would hold all of it several times over
            feed.feed(raw[at : at + PIECE])
        return feed.close()
    except Exception as error:
        problems.append("nested too deeply" if isinstance(error, RecursionError) else f"broken: {type(error).__name__}")
    head, _, body = re.split(rb"(\r?\n\r?\n)", raw, maxsplit=1) if re.search(rb"\r?\n\r?\n", raw) else (raw, b"", b"")
    top = HeaderParser(policy=compat32).parsestr(head.decode("ascii", "surrogateescape"))
    del top["Content-Type"]
    top.set_payload(body.decode("ascii", "surrogateescape"))
    return top


def _nesting(raw: bytes) -> int:
    """How many multiparts and mails a mail declares, which bounds their depth."""
    return len(re.findall(rb"^content-type:\s{0,20}(?:multipart/|message/rfc822)", raw, re.I | re.M))


def _without_envelope(raw: bytes) -> bytes:
    """Without the "From …" line of a mailbox file, a byte order mark, and empty lines before the header."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw[:5] in (b"From ", b">From"):
        raw = raw.partition(b"\n")[2]
    return raw


def _read(message: Message, problems: list[str]) -> Mail:
    mail = Mail()
    mail.subject = headers.field(message, "Subject")[:1000]
    senders = (
        addresses(raw_field(message, "From")) or addresses(raw_field(message, "Sender")) or addresses(raw_field(message, "Return-Path"))
    )
    if len(addresses(", ".join(all_fields(message, "From")))) > 1:
        problems.append("several senders")
    if senders:
        mail.sender, mail.sender_name = senders[0].email, senders[0].name
    else:
        problems.append("no sender")
    mail.to = addresses(", ".join(all_fields(message, "To")))
    mail.cc = addresses(", ".join(all_fields(message, "Cc")))
    mail.reply_to = addresses(raw_field(message, "Reply-To"))
    mail.recipients = tuple(dict.fromkeys(a.email for a in mail.to + mail.cc))
    mail.delivered_to = tuple(
        dict.fromkeys(
            a.email
            for name in ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
            for one in all_fields(message, name)
            for a in addresses(one)
        )
    )
    ids = message_ids(raw_field(message, "Message-ID"))
    mail.message_id = ids[0] if ids else ""
    mail.in_reply_to = message_ids(raw_field(message, "In-Reply-To"))[:20]
    every = dict.fromkeys(message_ids(" ".join(all_fields(message, "References"))))
    for one in mail.in_reply_to:
        every.pop(one, None)
        every[one] = None
    mail.references = tuple(every)[-200:]
    mail.date = _date(raw_field(message, "Date"))
    mail.headers = tuple((clean(str(key)), unfold(str(value)[: headers.LONGEST])) for key, value in message._headers[:300])  # type: ignore[attr-defined]
    Walk(mail, problems).walk(message)
    mail.problems = tuple(dict.fromkeys(problems))
    return mail


def _date(raw: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(unfold(raw)) if raw else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found and 1980 < found.year < 2200 else None
